# SPDX-License-Identifier: Apache-2.0
import logging
import platform
from pathlib import Path

import pytest

from pyfly.config.store import Config
from pyfly.core.banner import BannerMode, BannerPrinter


def rendered(**banner: object) -> str:
    config = Config({"pyfly": {"banner": banner}})
    printer = BannerPrinter.from_config(
        config, version="1.2.3", app_name="shop", app_version="4.5", active_profiles=["dev", "eu"]
    )
    return printer.render()


class TestModes:
    @pytest.mark.parametrize("mode", ["OFF", "off", False])
    def test_off_is_empty(self, mode: object) -> None:
        assert rendered(mode=mode) == ""

    def test_minimal_is_one_line(self) -> None:
        assert rendered(mode="minimal") == ":: PyFly :: (v1.2.3)"

    def test_text_ends_with_versions_and_licence(self) -> None:
        *art, blank, versions, licence = rendered().split("\n")

        assert any("____" in line for line in art)
        assert blank == ""
        assert versions == f":: PyFly Framework :: (v1.2.3) (Python {platform.python_version()})"
        assert licence.endswith("Apache License 2.0")

    def test_unknown_mode_is_text_with_a_warning(self, caplog: pytest.LogCaptureFixture) -> None:
        assert rendered(mode="LOUD") == rendered()
        assert [(it.levelno, it.getMessage()) for it in caplog.records] == [
            (logging.WARNING, "unknown_banner_mode")
        ]

    def test_mode_from_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PYFLY_BANNER_MODE", "OFF")

        assert rendered() == ""

    def test_printer_without_configuration(self) -> None:
        assert BannerPrinter(BannerMode.MINIMAL).render() == ":: PyFly :: (v0.1.0)"


class TestCustomFile:
    def test_replaces_the_art_and_fills_placeholders(self, tmp_path: Path) -> None:
        file = tmp_path / "banner.txt"
        file.write_text(
            "${app.name} ${app.version} on ${pyfly.version}, ${python.version} [${profiles.active}] ${x}\n",
            "utf-8",
        )

        art, blank, *_ = rendered(location=str(file)).split("\n")

        assert art == f"shop 4.5 on 1.2.3, {platform.python_version()} [dev, eu] ${{x}}"
        assert blank == ""

    @pytest.mark.parametrize("content", [None, b"\xff\xfe\xfa"])
    def test_unreadable_file_leaves_the_art(
        self, content: bytes | None, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        file = tmp_path / "banner.txt"
        if content is not None:
            file.write_bytes(content)

        assert rendered(location=str(file)) == rendered()
        assert [it.getMessage() for it in caplog.records] == ["banner_unreadable"]

# SPDX-License-Identifier: Apache-2.0
import importlib
import logging
import pickle
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import pyfly.logging
from pyfly.config.store import Config
from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.logging import LoggingPort, StdlibLoggingAdapter, StoppableLogging, StructuredLogger, get_logger
from pyfly.logging.errors import UnknownLoggingAdapterError
from pyfly.logging.selection import release_logging


class RecordingAdapter(LoggingPort):
    """An adapter as somebody else may bring it."""

    order = 999
    usable = True

    def __init__(self) -> None:
        self.calls: list[str] = []

    @classmethod
    def is_available(cls) -> bool:
        return cls.usable

    def configure(self, config: Config) -> None:
        self.calls.append("configure")

    def get_logger(self, name: str) -> StructuredLogger:
        return StructuredLogger(logging.getLogger(name), {"by": "recording"})

    def set_level(self, name: str, level: str) -> None:
        self.calls.append(f"{name}={level}")

    def shutdown(self) -> None:
        self.calls.append("shutdown")


@pyfly_application(name="shop")
class Shop: ...


@pytest.fixture(autouse=True)
def _installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Install a distribution with two adapters, one of them without its library."""
    module = ModuleType("pyfly_test_recording")
    module.RecordingAdapter = RecordingAdapter  # type: ignore[attr-defined]  # a module made by hand
    monkeypatch.setitem(sys.modules, "pyfly_test_recording", module)
    metadata = tmp_path / "installed" / "recording-1.0.dist-info"
    metadata.mkdir(parents=True)
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: recording\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(
        "[pyfly.logging_adapters]\n"
        "Recording = pyfly_test_recording:RecordingAdapter\n"
        "broken = pyfly_test_absent_library:Adapter\n"
    )
    monkeypatch.syspath_prepend(str(metadata.parent))
    monkeypatch.setattr(RecordingAdapter, "usable", True)
    # It would be preferred where it is installed as well.
    monkeypatch.setitem(sys.modules, "structlog", None)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("_PYFLY_BANNER_PRINTED", "1")
    yield
    release_logging()


def adapter_of(setting: str | None) -> LoggingPort:
    logging_settings = "{}" if setting is None else f"{{adapter: {setting}}}"
    Path("pyfly.yaml").write_text(f"pyfly: {{logging: {logging_settings}}}")
    return PyFlyApplication(Shop).context.get_bean(LoggingPort)


def test_auto_takes_the_usable_adapter_of_the_lowest_order() -> None:
    assert type(adapter_of(None)) is RecordingAdapter
    assert type(adapter_of("Auto")) is RecordingAdapter


def test_what_cannot_be_used_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RecordingAdapter, "usable", False)

    assert type(adapter_of(None)) is StdlibLoggingAdapter


@pytest.mark.parametrize("name", ["stdlib", "STDLIB"])
def test_adapter_by_name(name: str) -> None:
    assert type(adapter_of(name)) is StdlibLoggingAdapter


@pytest.mark.parametrize("name", ["loguru", "broken"])
def test_unknown_adapter_is_refused(name: str) -> None:
    with pytest.raises(UnknownLoggingAdapterError) as caught:
        adapter_of(name)

    error = caught.value
    assert str(error) == (
        "pyfly.logging.adapter: expected auto or an installed adapter (recording, stdlib), "
        f"got {name!r} (from pyfly.yaml, line 1)"
    )
    assert (
        error.action == f"Use auto, recording, stdlib, or install the distribution of the adapter {name!r}."
    )
    assert (error.name, error.installed) == (name, ("recording", "stdlib"))
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_get_logger_asks_the_adapter_of_the_application(caplog: pytest.LogCaptureFixture) -> None:
    adapter_of("recording")
    get_logger("shop").warning("x")
    adapter_of("stdlib")
    get_logger("shop").warning("x")

    assert [record.getMessage() for record in caplog.records[-2:]] == ["x | by=recording", "x"]


def test_get_logger_passes_over_an_adapter_that_cannot_be_used_any_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    adapter_of("recording")
    monkeypatch.setattr(RecordingAdapter, "usable", False)

    assert repr(get_logger("shop")) == "<StructuredLogger shop {}>"


async def test_application_ends_the_adapter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_LOGGING_ADAPTER", "recording")
    application = PyFlyApplication(Shop)
    adapter = application.context.get_bean(LoggingPort)
    assert isinstance(adapter, RecordingAdapter)
    assert isinstance(adapter, StoppableLogging)

    await application.startup()
    assert adapter.calls == ["configure"]
    await application.shutdown()

    assert adapter.calls == ["configure", "shutdown"]


def test_classes_of_installed_adapters_are_names_of_the_package() -> None:
    from pyfly.logging import RecordingAdapter as found

    assert found is RecordingAdapter
    assert "RecordingAdapter" in pyfly.logging.__all__
    assert pyfly.logging.__all__ == sorted(pyfly.logging.__all__)


def test_package_survives_being_loaded_again() -> None:
    importlib.reload(pyfly.logging)

    pyfly.logging.get_logger("shop").info("x")
    with pytest.raises(AttributeError, match="has no attribute 'StructlogAdapter'"):
        _ = pyfly.logging.StructlogAdapter


def test_released_logging_writes_nothing_and_forgets_the_adapter(capsys: pytest.CaptureFixture[str]) -> None:
    adapter_of("stdlib")
    get_logger("shop").info("before")

    release_logging()
    get_logger("shop").info("after")

    assert "before" in capsys.readouterr().out
    assert repr(get_logger("shop")) == "<StructuredLogger shop {'by': 'recording'}>"

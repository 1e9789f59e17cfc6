# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pyfly.kernel.entry_points import entry_points_of


def install(folder: Path, text: str) -> None:
    metadata = folder / "shop-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: shop\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(text)


def test_entries_come_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, "[shop.tills]\nsecond = shop:Two\nfirst = shop:One\n[shop.doors]\nfront = shop:Door\n")
    monkeypatch.syspath_prepend(tmp_path)

    found = entry_points_of("shop.tills")

    assert [(entry.name, entry.value) for entry in found] == [("first", "shop:One"), ("second", "shop:Two")]


def test_a_group_of_nobody_is_empty() -> None:
    assert entry_points_of("nobody.has.this") == ()


def test_a_distribution_on_a_new_path_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = entry_points_of("shop.tills")
    install(tmp_path, "[shop.tills]\nonly = shop:One\n")
    monkeypatch.syspath_prepend(tmp_path)

    assert before == ()
    assert [entry.name for entry in entry_points_of("shop.tills")] == ["only"]

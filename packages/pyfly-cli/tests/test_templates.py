# SPDX-License-Identifier: Apache-2.0
"""Projects made by programs."""

import os
from pathlib import Path

import pytest

from pyfly.cli.templates import (
    ARCHETYPE_DESCRIPTIONS,
    ARCHETYPE_DETAILS,
    AVAILABLE_FEATURES,
    DEFAULT_FEATURES,
    FEATURE_DETAILS,
    FEATURE_GROUPS,
    FEATURE_TIPS,
    ScaffoldingError,
    discover_archetypes,
    generate_project,
)


def test_the_tables_agree() -> None:
    archetypes = discover_archetypes()

    assert set(ARCHETYPE_DESCRIPTIONS) == set(ARCHETYPE_DETAILS) == set(DEFAULT_FEATURES) <= set(archetypes)
    assert list(FEATURE_DETAILS) == AVAILABLE_FEATURES
    assert [name for names in FEATURE_GROUPS.values() for name in names] == AVAILABLE_FEATURES
    assert set(FEATURE_TIPS) <= set(AVAILABLE_FEATURES)
    for name in DEFAULT_FEATURES:
        assert set(DEFAULT_FEATURES[name]) <= set(archetypes[name].features) <= set(AVAILABLE_FEATURES)


def test_a_project_is_made_in_a_new_folder(tmp_path: Path) -> None:
    made = generate_project("acme-kit", tmp_path / "kit", "library", [])

    assert (made.path, made.package, made.features) == (tmp_path / "kit", "acme_kit", ())
    assert (tmp_path / "kit" / "src" / "acme_kit" / "py.typed").is_file()


def test_a_project_is_made_in_an_empty_folder(tmp_path: Path) -> None:
    generate_project("tool", tmp_path, "cli", [], "acme_tool")

    assert (tmp_path / "src" / "acme_tool" / "main.py").is_file()


def test_the_folder_of_a_project_has_the_usual_mode(tmp_path: Path) -> None:
    (tmp_path / "usual").mkdir()

    generate_project("kit", tmp_path / "kit", "library", [])

    assert (tmp_path / "kit").stat().st_mode == (tmp_path / "usual").stat().st_mode


def test_a_folder_that_is_missing_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(ScaffoldingError, match="cannot be written"):
        generate_project("kit", tmp_path / "nowhere" / "kit", "library", [])

    assert os.listdir(tmp_path) == []


def test_without_git_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(ScaffoldingError, match="--git needs git, and there is none on the path"):
        generate_project("kit", tmp_path / "kit", "library", [], git=True)

    assert os.listdir(tmp_path) == []

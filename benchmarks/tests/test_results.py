# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from benchmarks.results import replace_section


def test_missing_file_is_made_with_a_head(tmp_path: Path):
    path = tmp_path / "RESULTS.md"

    replace_section(path, "di", "## di\n")

    assert path.read_text().startswith("# Results\n")
    assert path.read_text().endswith("\n\n<!-- di -->\n## di\n<!-- end of di -->\n")


def test_section_is_replaced_in_place_and_the_others_stay(tmp_path: Path):
    path = tmp_path / "RESULTS.md"
    replace_section(path, "di", "## old di\n")
    replace_section(path, "boot", "## boot\n")

    replace_section(path, "di", "## new di\n")

    text = path.read_text()
    assert "old di" not in text
    assert text.index("## new di") < text.index("## boot")


def test_same_section_again_changes_nothing(tmp_path: Path):
    path = tmp_path / "RESULTS.md"
    replace_section(path, "di", "## di\n")
    replace_section(path, "boot", "## boot\n")
    before = path.read_text()

    replace_section(path, "di", "## di\n")

    assert path.read_text() == before


def test_section_without_end_is_refused(tmp_path: Path):
    path = tmp_path / "RESULTS.md"
    path.write_text("<!-- di -->\n## di\n")

    with pytest.raises(ValueError, match="end of di"):
        replace_section(path, "di", "## di\n")

    assert path.read_text() == "<!-- di -->\n## di\n"

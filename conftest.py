# SPDX-License-Identifier: Apache-2.0
"""What every test of the repository shares: code blocks of Markdown files, and a clean environment."""

import os
from pathlib import Path

import pytest

from house.doc_blocks import markdown_blocks

pytest_collect_file = markdown_blocks(Path(__file__).parent).pytest()


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide `PYFLY_*` variables of the developer's shell, except those that steer the test run."""
    for name in [
        name for name in os.environ if name.startswith("PYFLY_") and name != "PYFLY_REQUIRE_SERVICES"
    ]:
        monkeypatch.delenv(name)

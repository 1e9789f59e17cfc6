# SPDX-License-Identifier: Apache-2.0
"""What `import pyfly.core` brings along, seen from a fresh interpreter."""

import subprocess
import sys

import pytest

LOADED = "import sys, pyfly.core; print(*sorted(sys.modules), sep='\\n')"


@pytest.fixture(scope="module")
def loaded() -> list[str]:
    finished = subprocess.run(
        [sys.executable, "-c", LOADED], capture_output=True, check=True, text=True, timeout=60
    )
    return finished.stdout.splitlines()


def test_fewer_than_200_modules_are_loaded(loaded: list[str]) -> None:
    assert len(loaded) < 200


@pytest.mark.parametrize(
    "heavy", ["asyncio", "importlib.metadata", "pydantic", "starlette", "tomllib", "yaml"]
)
def test_nothing_heavy_is_loaded(loaded: list[str], heavy: str) -> None:
    assert heavy not in loaded

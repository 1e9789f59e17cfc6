# SPDX-License-Identifier: Apache-2.0
"""Builders of small wheels and small repositories."""

import subprocess
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from house.wheel_rules import Wheel
from house.workspace import Workspace

LICENCE = b"The licence."
README = "# A distribution\n\nOne sentence about what it is for."

WHEEL = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


@pytest.fixture(scope="session")
def repository() -> Workspace:
    """The repository that these tests stand in."""
    return Workspace(Path(__file__).parents[2])


@pytest.fixture
def make_wheel(tmp_path: Path) -> Callable[..., Wheel]:
    """A function that writes a wheel: its name, its files, and what else its metadata hold."""

    def make(
        name: str,
        files: Mapping[str, str],
        *,
        requires: str = "",
        extra: str = "",
        entry_points: str = "",
        readme: str = README,
        licence: bytes = LICENCE,
    ) -> Wheel:
        stem = name.replace("-", "_") + "-0.1.0"
        info = f"{stem}.dist-info"
        metadata = f"Metadata-Version: 2.4\nName: {name}\nVersion: 0.1.0\n"
        metadata += f"Requires-Dist: {requires}\n" if requires else ""
        metadata += f"Provides-Extra: {extra}\n" if extra else ""
        content = {
            **files,
            f"{info}/METADATA": f"{metadata}\n{readme}",
            f"{info}/WHEEL": WHEEL,
            f"{info}/entry_points.txt": entry_points,
            f"{info}/licenses/LICENSE": licence,
        }
        record = f"{info}/RECORD"
        content[record] = "".join(f"{path},,\n" for path in (*content, record))
        path = tmp_path / f"{stem}-py3-none-any.whl"
        with zipfile.ZipFile(path, "w") as archive:
            for inside, text in content.items():
                archive.writestr(inside, text)

        return Wheel(path)

    return make


@pytest.fixture
def make_repository(tmp_path: Path) -> Callable[..., Workspace]:
    """A function that writes the given files below a new git repository."""

    def make(files: Mapping[str, str]) -> Workspace:
        root = tmp_path / "repository"
        for name, text in {"hatch.toml": "", "packages/.keep": "", **files}.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")

        subprocess.run(["git", "init", "--quiet", str(root)], check=True)
        return Workspace(root)

    return make

# SPDX-License-Identifier: Apache-2.0
"""The distributions of the repository, read from their pyproject files."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Distribution:
    """One folder of `packages/`."""

    root: Path

    @cached_property
    def project(self) -> dict[str, Any]:
        """The `[project]` table of the pyproject file."""
        table: dict[str, Any] = tomllib.loads((self.root / "pyproject.toml").read_text("utf-8"))["project"]
        return table

    @property
    def name(self) -> str:
        return str(self.project["name"])

    @property
    def requirements(self) -> list[str]:
        """Requirement strings of the distribution, those of its extras included."""
        extras = self.project.get("optional-dependencies", {})
        return [*self.project.get("dependencies", []), *(line for lines in extras.values() for line in lines)]

    @property
    def entry_points(self) -> Iterator[tuple[str, str, str]]:
        """Group, name and value of each entry point, scripts included."""
        groups = {
            "console_scripts": self.project.get("scripts", {}),
            **self.project.get("entry-points", {}),
        }

        for group, entries in groups.items():
            for name, value in entries.items():
                yield group, name, value

    @property
    def source_root(self) -> Path:
        return self.root / "src"

    @property
    def sources(self) -> list[Path]:
        """The Python files that the distribution ships, in path order."""
        return sorted(self.source_root.rglob("*.py"))

    def module_name(self, source: Path) -> str:
        """Give the import name of one of the sources."""
        parts = source.relative_to(self.source_root).with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@dataclass(frozen=True)
class Workspace:
    """The repository: its root folder and its distributions."""

    root: Path

    @classmethod
    def here(cls) -> "Workspace":
        """Find the workspace that holds the current folder.

        Raises:
            LookupError: No folder on the way up has a `hatch.toml` beside a `packages` folder.
        """
        start = Path.cwd()
        for folder in (start, *start.parents):
            if (folder / "hatch.toml").is_file() and (folder / "packages").is_dir():
                return cls(folder)

        raise LookupError(
            f"{start} is not inside the repository: no hatch.toml beside packages/ on the way up"
        )

    @cached_property
    def distributions(self) -> list[Distribution]:
        """All distributions, in the order of their names."""
        return [
            Distribution(file.parent) for file in sorted((self.root / "packages").glob("*/pyproject.toml"))
        ]

    @property
    def source_roots(self) -> list[Path]:
        """The `src` folders that exist (the umbrella has none)."""
        return [found.source_root for found in self.distributions if found.source_root.is_dir()]

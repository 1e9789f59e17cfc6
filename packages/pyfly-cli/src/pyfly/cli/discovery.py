# SPDX-License-Identifier: Apache-2.0
"""Find the application to run."""

from collections.abc import Sequence
from pathlib import Path

from pyfly.config.store import Config

_KEYS = ("pyfly.app.module", "app.module")
_FILES = tuple(f"{folder}pyfly.{suffix}" for folder in ("", "config/") for suffix in ("yaml", "yml", "toml"))


class ApplicationNotFoundError(Exception):
    """Report that nothing tells which application to run.

    Attributes:
        directory: Where it was looked for.
        files: The configuration files that are there, and do not name it.
        near: Import strings of what looks like an application.
        description: What was looked for in vain.
        action: What to do.
    """

    def __init__(self, directory: Path, files: Sequence[str] = (), near: Sequence[str] = ()) -> None:
        self.directory = directory
        self.files = tuple(files)
        self.near = tuple(near)
        self.description = f"No application found. {self._looked()}"
        self.action = self._advice()
        super().__init__(f"{self.description} {self.action}")

    def _looked(self) -> str:
        if self.files:
            verb = "does" if len(self.files) == 1 else "do"
            named = f"{' and '.join(self.files)} {verb} not set pyfly.app.module"
        else:
            named = (
                "there is no pyfly.yaml, pyfly.toml or config/ with one of them that sets pyfly.app.module"
            )

        return f"In {self.directory} {named}, and there is no src/*/main.py."

    def _advice(self) -> str:
        name = "--app package.module:attribute"
        if not self.near:
            return f"Name it with {name}, or set pyfly.app.module in pyfly.yaml."

        first, *others = self.near
        also = f" ({', '.join(others)} may be one, too)" if others else ""
        return f"Name it with {name}, such as --app {first}{also}, or set pyfly.app.module in pyfly.yaml."

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.directory, self.files, self.near)


def discover_application(config: Config, directory: Path) -> str:
    """Return the import string of the application.

    It is ``pyfly.app.module`` or ``app.module`` of the configuration, else the first
    ``src/<package>/main.py`` by name.

    Args:
        config: The configuration.
        directory: The project's folder.

    Raises:
        ApplicationNotFoundError: None of these exists.
    """
    for key in _KEYS:
        if configured := config.get(key):
            return str(configured)

    for main in sorted(directory.glob("src/*/main.py")):
        return f"{main.parent.name}.main:app"

    # Nobody who has an application pays for the search.
    from pyfly.cli.import_target import applications_near

    files = [name for name in _FILES if (directory / name).is_file()]
    raise ApplicationNotFoundError(directory, files, applications_near(directory)[:3])

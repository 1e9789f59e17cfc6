# SPDX-License-Identifier: Apache-2.0
"""Find the application to run."""

from pathlib import Path

from pyfly.config.store import Config


class ApplicationNotFoundError(Exception):
    """Report that nothing tells which application to run.

    Attributes:
        directory: Where it was looked for.
    """

    description = "No application found."
    action = "Name it with --app package.module:attribute, or set pyfly.app.module in pyfly.yaml."

    def __init__(self, directory: Path) -> None:
        super().__init__(f"{self.description} {self.action}")
        self.directory = directory


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
    for key in ("pyfly.app.module", "app.module"):
        if configured := config.get(key):
            return str(configured)

    for main in sorted(directory.glob("src/*/main.py")):
        return f"{main.parent.name}.main:app"

    raise ApplicationNotFoundError(directory)

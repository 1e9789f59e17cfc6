# SPDX-License-Identifier: Apache-2.0
"""What can go wrong before the context takes over."""

from pathlib import Path

from pyfly.config.errors import ConfigurationError
from pyfly.kernel.exceptions import PyFlyException


class ConfigurationPathError(ConfigurationError):
    """The configuration that the application was told to read is not there.

    Args:
        path: The file or folder.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(f"The configuration path {path} does not exist (looked in {path.absolute().parent})")
        self.path = path
        self.action = (
            "Correct config_path, create the file or folder, "
            "or leave config_path out to read pyfly.yaml from the working directory."
        )

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.path,)


class ApplicationStateError(PyFlyException):
    """The application was asked for what it cannot do any more.

    Args:
        app: The application's name.
        state: What it did before: started, stopped or failed.
    """

    def __init__(self, app: str, state: str) -> None:
        super().__init__(f"The application {app!r} cannot start: it has {state} already")
        self.app = app
        self.state = state

    @property
    def description(self) -> str:
        """What happened."""
        return str(self)

    @property
    def action(self) -> str:
        """What to do about it."""
        return "Call startup() once per PyFlyApplication; build a new one to start again."

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.app, self.state)

# SPDX-License-Identifier: Apache-2.0
"""What the application asks of a logging system."""

from typing import Any, Protocol, runtime_checkable

from pyfly.config.store import Config


@runtime_checkable
class LoggingPort(Protocol):
    """A logging system that ``pyfly.logging.*`` configures."""

    def configure(self, config: Config) -> None:
        """Set the system up; calling it again sets it up anew.

        Args:
            config: The application's configuration.

        Raises:
            ConfigurationError: A setting under ``pyfly.logging`` is not one that this system honours.
        """
        ...

    def get_logger(self, name: str) -> Any:
        """Give a logger whose methods take an event and fields: ``log.info("order_placed", id=7)``.

        Args:
            name: The logger's name, dots make a tree.
        """
        ...

    def set_level(self, name: str, level: str) -> None:
        """Change the level of a logger at once, also for those who hold it.

        Args:
            name: The logger's name; ``root`` is the top of the tree.
            level: A level's name in any case.

        Raises:
            ValueError: There is no such level.
        """
        ...

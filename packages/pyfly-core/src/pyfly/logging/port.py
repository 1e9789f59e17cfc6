# SPDX-License-Identifier: Apache-2.0
"""What the application asks of a logging system."""

from typing import Any, Protocol, runtime_checkable

from pyfly.config.store import Config


@runtime_checkable
class LoggingPort(Protocol):
    """A logging system that ``pyfly.logging.*`` configures.

    A distribution brings one by naming its class in the entry-point group ``pyfly.logging_adapters``; the
    name there is what ``pyfly.logging.adapter`` selects. The class is called without arguments. Two optional
    class attributes take part in the selection: ``order``, a number, of which ``auto`` takes the lowest (0 if
    it is left out), and ``is_available()``, which tells whether the class can be used here.

    An adapter whose instances have a ``shutdown`` is a `StoppableLogging` too.
    """

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


@runtime_checkable
class StoppableLogging(Protocol):
    """A logging system with something to end when the application has stopped."""

    def shutdown(self) -> None:
        """Write out what waits to be written, within a deadline, and let go of files and threads.

        What is logged later still goes to the console. Calling it again has no effect.
        """
        ...

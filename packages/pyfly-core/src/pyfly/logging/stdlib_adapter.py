# SPDX-License-Identifier: Apache-2.0
"""Logging by the standard library, without any other dependency."""

import logging

from pyfly.config.store import Config
from pyfly.logging._console import ConsoleHandler
from pyfly.logging._settings import read_settings
from pyfly.logging.levels import LEVELS, OFF, TRACE, logger_named, parse_level
from pyfly.logging.port import LoggingPort
from pyfly.logging.structured_logger import StructuredLogger


class StdlibLoggingAdapter(LoggingPort):
    """Writes readable lines to standard output.

    Handlers that others put on the root logger stay. Honours ``pyfly.logging.level.*``,
    ``pyfly.logging.format`` (only ``console``) and ``pyfly.logging.enabled`` (``false`` leaves logging as it
    is); refuses every other key.
    """

    def __init__(self) -> None:
        self._levelled: set[str] = set()

    def configure(self, config: Config) -> None:
        """Install the console handler and apply the levels; a level that does not exist is a warning.

        Args:
            config: The application's configuration.

        Raises:
            ConfigurationError: A setting under ``pyfly.logging`` is not one of those honoured.
        """
        settings = read_settings(config)
        if not settings.enabled:
            return

        logging.addLevelName(TRACE, "TRACE")
        logging.addLevelName(OFF, "OFF")
        root = logging.getLogger()
        for handler in root.handlers[:]:
            if isinstance(handler, ConsoleHandler):
                root.removeHandler(handler)
                handler.close()

        root.addHandler(ConsoleHandler())
        for name in self._levelled - set(settings.levels):
            logger_named(name).setLevel(logging.NOTSET)

        self._levelled = set(settings.levels) - {"root"}
        for name, level in settings.levels.items():
            self._apply(name, level)

    def get_logger(self, name: str) -> StructuredLogger:
        """Give a logger that takes an event and fields.

        Args:
            name: The logger's name; ``root`` is the top of the tree.
        """
        return StructuredLogger(logger_named(name))

    def set_level(self, name: str, level: str) -> None:
        """Change the level of a logger at once.

        Args:
            name: The logger's name; ``root`` is the top of the tree.
            level: A level's name in any case.

        Raises:
            ValueError: There is no such level.
        """
        logger_named(name).setLevel(parse_level(level))

    def _apply(self, name: str, level: str | bool) -> None:
        try:
            logger_named(name).setLevel(parse_level(level))
        except ValueError:
            StructuredLogger(logging.getLogger("pyfly.logging")).warning(
                "unknown_log_level", key=f"pyfly.logging.level.{name}", level=level, known=", ".join(LEVELS)
            )

# SPDX-License-Identifier: Apache-2.0
"""Logging by the standard library, for this adapter and for those that only hand out other loggers."""

import logging
from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

from pyfly.config.store import Config
from pyfly.logging.context import Enricher
from pyfly.logging.levels import change_level, logger_named
from pyfly.logging.port import LoggingPort, StoppableLogging
from pyfly.logging.structured_logger import StructuredLogger

__all__ = ["PipelineAdapter", "StdlibLoggingAdapter", "build_redactor"]


class PipelineAdapter(LoggingPort, StoppableLogging):
    """Sends the records of all loggers through one pipeline: context, redaction, layout, output.

    The handlers that others have put on the root logger stay, and get each record after it was redacted.
    """

    def __init__(self) -> None:
        self._pipeline: Any = None

    def configure(self, config: Config) -> None:
        """Set logging up as ``pyfly.logging.*`` says; a level that does not exist is a warning.

        With ``pyfly.logging.enabled: false`` nothing is touched.

        Args:
            config: The application's configuration.

        Raises:
            ConfigurationError: A setting has a wrong value, a pattern cannot be followed, or the log file
                cannot be written.
        """
        # Most of this is needed by an application only, not to import one.
        from pyfly.config.properties.logging import LoggingProperties
        from pyfly.logging._pipeline import Pipeline, held_back

        properties = config.bind(LoggingProperties)
        if not properties.enabled:
            return

        levels = properties.level
        if config.get("pyfly.logging.level.root") is None:
            # Not configured, and only there by default.
            levels = {name: level for name, level in levels.items() if name != "root"}

        with held_back("pyfly.logging") as told:
            redactor = self._build_redactor(properties.redaction)
            pipeline = Pipeline(properties, levels, redactor, self._enrichers())

        pipeline.install()
        self._pipeline = pipeline
        logger = logging.getLogger("pyfly.logging")
        for record in told:
            # What went as it should is not the first thing to read in every log.
            if record.levelno >= logging.WARNING or logger.isEnabledFor(logging.DEBUG):
                logger.handle(record)

    def set_level(self, name: str, level: str | None) -> None:
        """Change the level of a logger at once.

        Args:
            name: The logger's name; ``root`` is the top of the tree.
            level: A level's name in any case; None to follow the loggers above again, the root its default.

        Raises:
            ValueError: There is no such level.
        """
        change = change_level if self._pipeline is None else self._pipeline.change_level
        change(name, level)

    def shutdown(self) -> None:
        """Write out what waits to be written, close the file, and give the standard streams back.

        What is logged later still goes to the console. Calling it again has no effect, nor has it once
        another adapter is configured.
        """
        if self._pipeline is not None:
            self._pipeline.stop()

    def _enrichers(self) -> Mapping[str, Enricher]:
        """What adds fields to every line while this adapter is in use, by name."""
        return {}

    @abstractmethod
    def _build_redactor(self, properties: Any) -> Any:
        """Make what keeps secrets out of texts; None for nothing."""


class StdlibLoggingAdapter(PipelineAdapter):
    """Hands out loggers of its own over those of the standard library; always there."""

    order = 1000

    def get_logger(self, name: str) -> StructuredLogger:
        """Give a logger that takes an event and fields.

        Args:
            name: The logger's name; ``root`` is the top of the tree.
        """
        return StructuredLogger(logger_named(name))

    def _build_redactor(self, properties: Any) -> Any:
        return build_redactor(properties)


def build_redactor(properties: Any) -> Any:
    """Make the redactor of this adapter; see `pyfly.logging.redaction.engine.build_redactor`."""
    # The patterns are needed by an application only, not to import one.
    from pyfly.logging.redaction import engine

    return engine.build_redactor(properties)

# SPDX-License-Identifier: Apache-2.0
"""The logging adapter of structlog."""

import sys
from collections.abc import Mapping
from contextvars import copy_context
from importlib.util import find_spec
from types import FrameType
from typing import Any

import structlog
from pyfly.config.store import Config
from pyfly.logging.adapters.structlog.bound_logger import StructlogLogger
from pyfly.logging.context import Enricher
from pyfly.logging.levels import logger_named
from pyfly.logging.redaction.engine import build_redactor
from pyfly.logging.stdlib_adapter import PipelineAdapter
from structlog.contextvars import STRUCTLOG_KEY_PREFIX, STRUCTLOG_KEY_PREFIX_LEN
from structlog.typing import Processor

__all__ = ["StructlogAdapter", "build_redactor"]

# One list for all loggers, those that exist included: what is put into it counts from the next event on.
_processors: list[Processor] = []


# structlog notes here the variables that were ever bound. Without any, which is common beside another way to
# bind fields, a line need not look for them. Without the note, each line looks.
_bound_ever: Mapping[str, object] | None = getattr(structlog.contextvars, "_CONTEXT_VARS", None)


class StructlogAdapter(PipelineAdapter):
    """Hands out bound loggers of structlog, and has the application's own ones join the pipeline.

    ``structlog.get_logger()`` then makes the same loggers, and ``structlog.contextvars`` count for the lines
    of all loggers. Processors that are added to ``structlog.get_config()["processors"]`` run before the
    pipeline, as ``structlog.testing.capture_logs`` needs it.
    """

    order = 0

    @classmethod
    def is_available(cls) -> bool:
        """Tell whether structlog can be imported."""
        return find_spec("structlog") is not None

    def configure(self, config: Config) -> None:
        """Set logging and structlog up as ``pyfly.logging.*`` says; see `LoggingPort.configure`.

        Args:
            config: The application's configuration.

        Raises:
            ConfigurationError: A setting has a wrong value, a pattern cannot be followed, or the log file
                cannot be written.
        """
        super().configure(config)
        if self._pipeline is None:
            return

        structlog.configure(
            processors=_processors,
            wrapper_class=StructlogLogger,
            context_class=dict,
            logger_factory=_make_logger,
            cache_logger_on_first_use=True,
        )

    def get_logger(self, name: str) -> StructlogLogger:
        """Give a bound logger.

        Args:
            name: The logger's name; ``root`` is the top of the tree.
        """
        return StructlogLogger(logger_named(name), _processors)

    def _enrichers(self) -> Mapping[str, Enricher]:
        return {"structlog": _context_variables}

    def _build_redactor(self, properties: Any) -> Any:
        return build_redactor(properties)


def _context_variables() -> dict[str, object] | None:
    """What `structlog.contextvars.get_contextvars` returns, in one go: it is called for every line."""
    if _bound_ever is not None and not _bound_ever:
        return None

    return {
        variable.name[STRUCTLOG_KEY_PREFIX_LEN:]: value
        for variable, value in copy_context().items()
        if value is not Ellipsis and variable.name.startswith(STRUCTLOG_KEY_PREFIX)
    }


def _make_logger(*names: object) -> Any:
    return logger_named(str(names[0]) if names and names[0] else _calling_module())


def _calling_module() -> str:
    """The module whose logger of structlog is being made: it is the first one that is not structlog's."""
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        module = str(frame.f_globals.get("__name__", "root"))
        if module.partition(".")[0] != "structlog":
            return module

        frame = frame.f_back

    return "root"

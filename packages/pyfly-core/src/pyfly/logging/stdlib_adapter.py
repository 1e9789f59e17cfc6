# SPDX-License-Identifier: Apache-2.0
"""Logging by the standard library, without any other dependency."""

from typing import Any

from pyfly.logging._pipeline_adapter import PipelineAdapter
from pyfly.logging.levels import logger_named
from pyfly.logging.structured_logger import StructuredLogger

__all__ = ["StdlibLoggingAdapter", "build_redactor"]


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

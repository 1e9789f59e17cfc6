# SPDX-License-Identifier: Apache-2.0
"""Loggers for modules."""

from pyfly.logging.levels import logger_named
from pyfly.logging.structured_logger import StructuredLogger


def get_logger(name: str) -> StructuredLogger:
    """Give a logger that takes an event and fields: ``log.info("order_placed", id=7)``.

    Args:
        name: The logger's name, as a rule ``__name__``.
    """
    return StructuredLogger(logger_named(name))

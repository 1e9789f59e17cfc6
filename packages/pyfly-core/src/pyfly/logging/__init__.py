# SPDX-License-Identifier: Apache-2.0
"""Logging as events with fields, behind a port."""

__all__ = ["LoggingPort", "StdlibLoggingAdapter", "StructuredLogger", "get_logger"]

from pkgutil import extend_path

__path__ = extend_path(__path__, __name__)

from pyfly.logging._factory import get_logger
from pyfly.logging.port import LoggingPort
from pyfly.logging.stdlib_adapter import StdlibLoggingAdapter
from pyfly.logging.structured_logger import StructuredLogger

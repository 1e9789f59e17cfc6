# SPDX-License-Identifier: Apache-2.0
"""Logging as events with fields, behind a port.

Beside the names below there are the classes of all installed adapters; ``__all__`` lists them too.
"""

from pkgutil import extend_path

__path__ = extend_path(__path__, __name__)

from pyfly.logging.context import bind_log_context as bind_log_context
from pyfly.logging.context import clear_log_context as clear_log_context
from pyfly.logging.context import log_context as log_context
from pyfly.logging.context import register_enricher as register_enricher
from pyfly.logging.context import unbind_log_context as unbind_log_context
from pyfly.logging.context import unregister_enricher as unregister_enricher
from pyfly.logging.port import LoggingPort as LoggingPort
from pyfly.logging.port import StoppableLogging as StoppableLogging
from pyfly.logging.selection import find as __getattr__  # noqa: F401  # the hook for adapter classes
from pyfly.logging.selection import get_logger as get_logger
from pyfly.logging.selection import installed as __dir__  # noqa: F401  # what dir() shows
from pyfly.logging.stdlib_adapter import StdlibLoggingAdapter as StdlibLoggingAdapter
from pyfly.logging.structured_logger import StructuredLogger as StructuredLogger

# SPDX-License-Identifier: Apache-2.0
"""What the log says about a server."""

import logging
import sys
from typing import Final

from pyfly.logging.structured_logger import StructuredLogger
from pyfly.server.types import ServerInfo

__all__ = ["log_started", "make_server_logs_visible"]

_LOGGERS: Final = ("pyfly.server", "_granian", "granian.access", "uvicorn", "hypercorn")

_logger: Final = logging.getLogger("pyfly.server")


def log_started(info: ServerInfo) -> None:
    """Log that the server answers, with its effective values."""
    StructuredLogger(_logger).info(
        "server_started",
        server=info.name,
        server_version=info.version,
        host=info.host,
        port=info.port,
        workers=info.workers,
        event_loop=info.event_loop,
        http=info.http_protocol,
    )


def make_server_logs_visible() -> None:
    """Write what servers log to standard output, unless the application has set up logging by now.

    An application that does so does it when it is imported. Otherwise these lines would be lost.
    """
    if logging.getLogger().handlers:
        return

    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    for name in _LOGGERS:
        logging.getLogger(name).addHandler(handler)

    _logger.setLevel(logging.INFO)

# SPDX-License-Identifier: Apache-2.0
"""What the log says about requests that are cut: that there are some, not where each of them was.

Uvicorn takes the cancellation of a request for a failure of the application, and logs its traceback.
"""

import asyncio
import logging
from typing import Any, Final
from weakref import WeakSet

__all__ = ["cut", "is_worth_a_line", "request_logger"]

request_logger: Final = logging.getLogger("uvicorn.error.request")
"""What connections log with in place of ``uvicorn.error``."""

_cut: Final[WeakSet[asyncio.Task[Any]]] = WeakSet()


def cut(task: asyncio.Task[Any]) -> None:
    """Cancel the task of a request, whose failure is not worth a line in the log then."""
    _cut.add(task)
    task.cancel()


def is_worth_a_line(record: logging.LogRecord) -> bool:
    """Filter lines of the log: drop those of the tasks that are cut."""
    return asyncio.current_task() not in _cut


request_logger.addFilter(is_worth_a_line)

# SPDX-License-Identifier: Apache-2.0
"""Log records for structured events."""

import logging
import os
import sys
from logging import getLevelName as level_name
from threading import current_thread
from time import time
from traceback import format_stack
from types import CodeType, FrameType
from typing import NamedTuple

_PROBE = logging.makeLogRecord({})
_HAS_TASK_NAME = hasattr(_PROBE, "taskName")
# When the standard library was loaded: what its records count their relative time from.
_BEGIN = _PROBE.created - _PROBE.relativeCreated / 1000

_MOST_SITES = 4096
_NO_PROCESS: tuple[int, str] = (0, "")


class _Site(NamedTuple):
    """A place in the code that logs; what is costly to find out about it."""

    code: CodeType
    path: str
    file: str
    module: str
    line: int
    function: str


# By the id of the code and the place in it.
_sites: dict[tuple[int, int], _Site] = {}
# The id and the name of this process, once they are asked for.
_process = _NO_PROCESS


class EventRecord(logging.LogRecord):
    """A log record with all attributes of the standard library's, made in a fraction of the time."""

    def __init__(
        self, name: str, level: int, message: object, frame: FrameType, exc_info: object, stack: str | None
    ) -> None:
        code = frame.f_code
        site = _sites.get((id(code), frame.f_lasti))
        if site is None or site.code is not code:
            site = _site_of(frame)

        created = time()
        thread = current_thread()
        self.name = name
        self.msg = message
        self.args = ()
        self.levelname = level_name(level)
        self.levelno = level
        _, self.pathname, self.filename, self.module, self.lineno, self.funcName = site
        self.exc_info = exc_info  # type: ignore[assignment]  # the caller has made it a triple
        self.exc_text = None
        self.stack_info = stack
        self.created = created
        self.msecs = int((created - int(created)) * 1000) + 0.0
        self.relativeCreated = (created - _BEGIN) * 1000
        self.thread = thread.ident
        self.threadName = thread.name
        self.process, self.processName = _process if _process is not _NO_PROCESS else _this_process()
        if _HAS_TASK_NAME:
            self.taskName = _task_name()


def record_of(
    logger: logging.Logger,
    level: int,
    message: object,
    frame: FrameType,
    exc_info: object,
    stack_info: object,
    stacklevel: object,
) -> logging.LogRecord:
    """Make the record of an event.

    Args:
        logger: The logger it goes to.
        level: Its level.
        message: The event.
        frame: Where it was logged.
        exc_info: An exception, a triple as of ``sys.exc_info()``, or whether to take the one being handled.
        stack_info: Whether the stack belongs to it, or the stack as text.
        stacklevel: How many callers up it counts as logged; 1 is the frame itself.
    """
    if stacklevel != 1 and isinstance(stacklevel, int):
        frame = _above(frame, stacklevel)

    triple = _exception(exc_info) if exc_info else None
    stack = _stack(frame, stack_info) if stack_info else None
    make = logging.getLogRecordFactory()
    if make is logging.LogRecord:
        return EventRecord(logger.name, level, message, frame, triple, stack)

    # Somebody wants records of their own making.
    code = frame.f_code
    return make(
        logger.name,
        level,
        code.co_filename,
        frame.f_lineno,
        message,
        (),
        triple,
        code.co_name,
        stack,
    )


def _site_of(frame: FrameType) -> _Site:
    code = frame.f_code
    file = os.path.basename(code.co_filename)
    module = os.path.splitext(file)[0]
    site = _Site(code, code.co_filename, file, module, frame.f_lineno, code.co_name)
    if len(_sites) >= _MOST_SITES:
        # Code that is made at run time has places without end.
        _sites.clear()

    _sites[id(code), frame.f_lasti] = site
    return site


def _above(frame: FrameType, stacklevel: int) -> FrameType:
    for _ in range(stacklevel - 1):
        if frame.f_back is None:
            break

        frame = frame.f_back

    return frame


def _exception(exc_info: object) -> tuple[object, ...] | None:
    if isinstance(exc_info, BaseException):
        return type(exc_info), exc_info, exc_info.__traceback__

    triple = exc_info if isinstance(exc_info, tuple) else sys.exc_info()
    return triple if triple and triple[0] is not None else None


def _stack(frame: FrameType, stack_info: object) -> str:
    if isinstance(stack_info, str):
        return stack_info

    return "Stack (most recent call last):\n" + "".join(format_stack(frame)).rstrip("\n")


def _this_process() -> tuple[int, str]:
    global _process
    multiprocessing = sys.modules.get("multiprocessing")
    try:
        name = str(multiprocessing.current_process().name) if multiprocessing else "MainProcess"
    except Exception:
        # Its module may be half imported at this moment, by another thread.
        return os.getpid(), "MainProcess"

    _process = os.getpid(), name
    return _process


def _forget_process() -> None:
    global _process
    _process = _NO_PROCESS


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_process)


def _task_name() -> str | None:
    asyncio = sys.modules.get("asyncio")
    try:
        task = asyncio.current_task() if asyncio else None
    except Exception:
        return None

    return task.get_name() if task else None

# SPDX-License-Identifier: Apache-2.0
"""Asynchronous work run to its end by synchronous code, in whose thread an event loop may be running."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from threading import Event, Thread
from typing import Generic, TypeVar

T = TypeVar("T")

_GRACE = 1.0


class Overdue(Exception):  # what the caller makes an error of
    """The work did not end in time."""


def run_to_end(work: Callable[[], Awaitable[T]], seconds: float) -> T:
    """Run ``work`` in a thread and an event loop of its own, and give what it gives.

    Work that does not end when it is cancelled is left behind, in a thread that does not keep the process.

    Args:
        work: What to do.
        seconds: When it is cancelled.

    Raises:
        Overdue: It did not end in time.
        BaseException: What the work raises.
    """
    run = _Run(work, seconds)
    thread = Thread(target=copy_context().run, args=(run,), name="pyfly-config-import", daemon=True)
    try:
        thread.start()
        # A join that is interrupted takes the thread for ended.
        run.ended.wait(seconds + _GRACE)
    except BaseException:
        run.cancel()
        run.ended.wait(_GRACE)
        raise

    if run.ended.is_set():
        thread.join()

    return run.outcome()


class _Run(Generic[T]):
    def __init__(self, work: Callable[[], Awaitable[T]], seconds: float) -> None:
        self.ended = Event()
        self._work = work
        self._seconds = seconds
        self._cancel: Callable[[], object] | None = None
        self._cancelled = False
        self._result: list[T] = []
        self._failure: BaseException | None = None

    def __call__(self) -> None:
        try:
            self._result.append(asyncio.run(self._bounded()))
        except BaseException as failure:
            self._failure = failure
        finally:
            self.ended.set()

    def cancel(self) -> None:
        self._cancelled = True
        if self._cancel is not None:
            with suppress(RuntimeError):  # The loop has closed by itself.
                self._cancel()

    def outcome(self) -> T:
        failure, self._failure = self._failure, None
        if failure is not None:
            try:
                raise failure
            finally:
                # The failure refers to this frame: without the name there is no circle to collect.
                del failure

        if not self._result:
            raise Overdue

        return self._result[0]

    async def _bounded(self) -> T:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        self._cancel = partial(loop.call_soon_threadsafe, task.cancel) if task else None
        if self._cancelled:  # The interrupt came before there was a loop to cancel anything in.
            raise asyncio.CancelledError

        try:
            async with asyncio.timeout(self._seconds) as limit:
                result = await self._work()

            if limit.expired():  # The work has not minded its cancellation, and ends late.
                raise Overdue

            return result
        except TimeoutError:
            if limit.expired():
                raise Overdue from None

            raise
        except asyncio.CancelledError:
            # The caller would take it for a cancellation of its own.
            raise RuntimeError("the work has cancelled itself") from None

# SPDX-License-Identifier: Apache-2.0
"""Endings: each step runs to its end or to its deadline, whatever happens around it."""

import asyncio
import time
from collections.abc import Callable, Mapping
from functools import partial
from inspect import isawaitable
from typing import Any

from pyfly.container.container import Container
from pyfly.context._log import log


class Shutdown:
    """Runs steps one after the other; a cancellation waits until all have had their turn.

    Args:
        step_timeout: Limit of one step, in seconds.
        total_timeout: Limit of all steps together, in seconds; ``None`` for no limit.
    """

    def __init__(self, step_timeout: float, total_timeout: float | None = None) -> None:
        self._step_timeout = step_timeout
        self._deadline = None if total_timeout is None else time.monotonic() + total_timeout
        self._cancelled = False

    async def step(self, action: Callable[[], Any], event: str, facts: dict[str, Any]) -> None:
        """Run one step; a failure is logged as ``<event>_failed``, a missed end as ``<event>_timeout``."""
        limit = self._remaining()
        task = asyncio.ensure_future(_as_coroutine(action))
        await self._wait(task, limit)
        if not task.done():
            log.warning(f"{event}_timeout", extra={**facts, "timeout_s": limit})
            task.cancel()
            await self._wait(task, 1.0)
            return

        error = None if task.cancelled() else task.exception()
        if error is not None:
            log.warning(
                f"{event}_failed",
                exc_info=error,
                extra={**facts, "error": f"{type(error).__name__}: {error}"},
            )

    async def end_evicted(self, container: Container, evicted: Mapping[str, Any]) -> None:
        """End the beans that a scope has dropped, given by their keys."""
        for key, bean in evicted.items():
            await self.step(partial(container.end, key, bean), "pre_destroy", {"bean": type(bean).__name__})

    def finish(self) -> None:
        """Let a cancellation that came meanwhile take effect.

        Raises:
            CancelledError: The ending was cancelled.
        """
        if self._cancelled:
            raise asyncio.CancelledError

    def _remaining(self) -> float:
        if self._deadline is None:
            return self._step_timeout

        return max(0.0, min(self._step_timeout, self._deadline - time.monotonic()))

    async def _wait(self, task: "asyncio.Future[Any]", seconds: float) -> None:
        end = time.monotonic() + seconds
        while not task.done():
            remaining = end - time.monotonic()
            if remaining <= 0:
                # One turn of the loop, so that a step without a pause is not lost to a spent budget.
                remaining = 0
            try:
                done, _ = await asyncio.wait({task}, timeout=remaining)
            except asyncio.CancelledError:
                self._cancelled = True
            else:
                if done or remaining == 0:
                    return


async def _as_coroutine(action: Callable[[], Any]) -> None:
    outcome = action()
    if isawaitable(outcome):
        await outcome

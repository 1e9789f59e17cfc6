# SPDX-License-Identifier: Apache-2.0
"""The source of a stream, in a task of its own from its first step to its end."""

import asyncio
import logging
from collections.abc import AsyncIterable, Callable
from typing import Any, Final

END: Final = object()
"""What is taken after the last item."""

_CLOSING: Final = 10.0

logger = logging.getLogger("pyfly.web")


class SourceTask:
    """Run an asynchronous iterator one step at a time, each only when its item is wanted.

    All steps run in one task, and so does the clean-up: a generator may hold what belongs to a task, such as
    a time-out, across its items.

    Args:
        source: The iterator.
        name: What it is called in the log.
        done: Called when a step is done.
    """

    def __init__(self, source: AsyncIterable[Any], name: str, done: Callable[[], None]) -> None:
        self._source = source
        self._name = name
        self._done = done
        self._wanted = asyncio.Event()
        self._step: asyncio.Future[Any] | None = None
        self._has_begun = False
        self._task = asyncio.create_task(self._run())

    def step(self) -> "asyncio.Future[Any]":
        """Return the step that is under way, begun if there is none."""
        if self._step is None:
            self._step = asyncio.get_running_loop().create_future()
            self._wanted.set()

        return self._step

    def take(self) -> Any:
        """Return the item of the step, which has to be done; `END` after the last one.

        Raises:
            Exception: What the source raised.
        """
        step = self.step()
        self._step = None
        if step.cancelled():
            raise RuntimeError(f"{self._name} has cancelled itself")

        return step.result()

    async def aclose(self) -> None:
        """Cancel the step that is under way, and wait for the source's clean-up."""
        self._task.cancel()
        done, _ = await asyncio.wait({self._task}, timeout=_CLOSING)
        if not done:
            logger.error("%s goes on, %g s after it was cancelled", self._name, _CLOSING)
            return

        if not self._has_begun:
            await close_source(self._source, self._name)

        error = None if self._task.cancelled() else self._task.exception()
        step = self._step
        if error is None and step is not None and step.done() and not step.cancelled():
            # It came too late for anybody to take it.
            error = step.exception()

        if error is not None:
            logger.error("%s failed while it was ended", self._name, exc_info=error)

    async def _run(self) -> None:
        self._has_begun = True
        iterator = self._source.__aiter__()
        try:
            await self._iterate(iterator)
        finally:
            if self._step is not None and not self._step.done():
                self._step.cancel()

            close = getattr(iterator, "aclose", None)
            if close is not None:
                await close()

    async def _iterate(self, iterator: Any) -> None:
        while True:
            await self._wanted.wait()
            self._wanted.clear()
            step = self.step()
            try:
                item = await iterator.__anext__()
            except StopAsyncIteration:
                step.set_result(END)
                return
            except Exception as error:
                step.set_exception(error)
                return
            finally:
                self._done()

            step.set_result(item)


async def close_source(source: object, name: str) -> None:
    """Close an iterator that nobody has begun; a failure is logged.

    Args:
        source: The iterator; without ``aclose`` it has nothing to close.
        name: What it is called in the log.
    """
    close = getattr(source, "aclose", None)
    if close is None:
        return

    try:
        async with asyncio.timeout(_CLOSING):
            await close()
    except Exception:
        logger.exception("%s failed while it was ended", name)

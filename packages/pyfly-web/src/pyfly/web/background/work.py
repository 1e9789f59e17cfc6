# SPDX-License-Identifier: Apache-2.0
"""The owner of all background work."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Final, ParamSpec

from pyfly.web.background.errors import RETRY_AFTER, BackgroundWorkRefused
from pyfly.web.background.job import Job

P = ParamSpec("P")

CANCEL_SECONDS: Final = 1.0
"""How long work that is cancelled may take to clean up."""

_SHOWN: Final = 20

logger = logging.getLogger("pyfly.web.background")


class BackgroundWork:
    """Does work after the answer to the request that asked for it, whether or not its client is still there.

    It is bounded: a part of the work runs, a part waits, and more is refused. A stop of the application
    waits for what was accepted; what takes too long is cancelled, and named in the log. Work is not durable:
    when the process dies, it is lost. A failing piece of work is logged and not repeated.

    Args:
        max_concurrent: The most pieces of work that run at once.
        max_pending: The most that wait for their turn.
        drain_timeout: How long a stop waits, in seconds.
    """

    #: After the beans that work uses have started, and before they stop.
    phase = 1

    def __init__(
        self, *, max_concurrent: int = 16, max_pending: int = 1000, drain_timeout: float = 20.0
    ) -> None:
        self._max_concurrent = max_concurrent
        self._max_pending = max_pending
        self._drain_timeout = drain_timeout
        self._lock = Lock()
        self._accepted = 0
        self._waiting: deque[Job] = deque()
        self._running: dict[asyncio.Task[None], Job] = {}
        self._threads = ThreadPoolExecutor(max_concurrent, "pyfly-background")
        self._loop: asyncio.AbstractEventLoop | None = None
        self._idle = asyncio.Event()
        self._stopping = False

    @property
    def accepted(self) -> int:
        """How many pieces of work run or wait."""
        return self._accepted

    @property
    def running(self) -> int:
        """How many pieces of work run."""
        return len(self._running)

    def submit(self, func: Callable[P, object], /, *args: P.args, **kwargs: P.kwargs) -> None:
        """Have a function called in the background; from any task or thread of the application.

        The call sees the context variables of the caller as they are now. It has a request context of its
        own with the same request id: request-scoped beans are made for it and end with it. Do not pass one
        of the request's own to it, for those have ended by then. It takes no part in a transaction.

        Args:
            func: An async function, or a plain one, which is called in a worker thread.
            args: Its positional arguments.
            kwargs: Its named arguments.

        Raises:
            BackgroundWorkRefused: Too much is waiting, or the application does not run.
            TypeError: ``func`` is no function.
        """
        job = Job(func, args, kwargs)
        with self._lock:
            loop = self._loop
            if loop is None or self._stopping:
                state = "is being stopped" if self._stopping else "has not started it yet"
                raise BackgroundWorkRefused(job.name, f"the application {state}")

            if self._accepted >= self._max_concurrent + self._max_pending:
                raise BackgroundWorkRefused(
                    job.name, f"{self._max_pending} pieces of work are waiting already", RETRY_AFTER
                )

            try:
                # In the lock, so that a stop finds what was accepted before it.
                loop.call_soon_threadsafe(self._add, job)
            except RuntimeError as error:
                raise BackgroundWorkRefused(
                    job.name, "the event loop of the application is closed"
                ) from error

            self._accepted += 1
            self._idle.clear()

    async def join(self, timeout: float) -> bool:
        """Wait until nothing runs and nothing waits.

        Args:
            timeout: How long to wait, in seconds.

        Returns:
            Whether that is so now.
        """
        try:
            async with asyncio.timeout(timeout):
                await self._idle.wait()
        except TimeoutError:
            return False

        return True

    async def start(self) -> None:
        """Accept work from now on."""
        with self._lock:
            self._loop = asyncio.get_running_loop()
            self._idle.set()

    async def stop(self) -> None:
        """Refuse further work and wait for what was accepted; then cancel it, and name it in the log."""
        with self._lock:
            self._stopping = True

        try:
            await self.join(self._drain_timeout)
        finally:
            await self._give_up()
            self._threads.shutdown(wait=False, cancel_futures=True)

    def _add(self, job: Job) -> None:
        self._waiting.append(job)
        self._start_next()

    def _start_next(self) -> None:
        while self._waiting and len(self._running) < self._max_concurrent:
            job = self._waiting.popleft()
            task = asyncio.get_running_loop().create_task(
                job.run(self._threads), name=f"pyfly-background-{job.name}", context=job.context
            )
            self._running[task] = job
            task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        job = self._running.pop(task)
        if task.cancelled() and not self._stopping:
            logger.warning("The background work %s was cancelled from inside", job.name)

        self._settle(1)
        self._start_next()

    def _settle(self, pieces: int) -> None:
        with self._lock:
            self._accepted -= pieces
            if self._accepted == 0:
                self._idle.set()

    async def _give_up(self) -> None:
        if not self._waiting and not self._running:
            return

        logger.warning(
            "The stop did not wait any longer for background work: %d running: %s; %d not begun: %s",
            len(self._running),
            _shown(self._running.values()),
            len(self._waiting),
            _shown(self._waiting),
        )
        self._settle(len(self._waiting))
        self._waiting.clear()
        running = set(self._running)
        for task in running:
            task.cancel()

        if running:
            _, deaf = await asyncio.wait(running, timeout=CANCEL_SECONDS)
            if deaf:
                still = [self._running[task] for task in deaf]
                logger.warning("Background work goes on although it was cancelled: %s", _shown(still))


def _shown(jobs: Iterable[Job]) -> str:
    names = [job.name for job in jobs]
    rest = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{', '.join(names[:_SHOWN])}{rest}" if names else "none"

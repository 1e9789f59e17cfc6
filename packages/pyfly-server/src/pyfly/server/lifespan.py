# SPDX-License-Identifier: Apache-2.0
"""The lifespan of an ASGI application, run by us whatever the server (ASGI 3.0, lifespan protocol 2.0)."""

import asyncio
import logging
from typing import Any, Final

from pyfly.context.serving import Serving, current_serving
from pyfly.logging.structured_logger import StructuredLogger
from pyfly.server.asgi import Application, Message
from pyfly.server.before_stop import BEFORE_STOP, BeforeStop
from pyfly.server.exceptions import ApplicationStartupError

__all__ = ["Lifespan"]

_logger: Final = StructuredLogger(logging.getLogger("pyfly.server"))


class Lifespan:
    """Start an application and stop it again.

    Attributes:
        state: What the application leaves for its requests.
        before_stop: What the application wants to do before connections are cut; it finds this in the state.
        serving: What a PyFly application wants to do when the server listens and when it is asked to stop.
    """

    def __init__(self, application: Application) -> None:
        self.before_stop = BeforeStop()
        self.state: dict[str, Any] = {BEFORE_STOP: self.before_stop}
        self.serving = Serving()
        self._application = application
        self._to_application: asyncio.Queue[Message] = asyncio.Queue()
        self._started: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._stopped: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._failed = False
        self._failure_message = ""
        self._task: asyncio.Task[None] | None = None

    async def startup(self) -> None:
        """Start the application; one without a lifespan is served without.

        Raises:
            ApplicationStartupError: The application reported a failure, which is the ``__cause__``.
            SystemExit: The application asks for the end of the process.
        """
        token = current_serving.set(self.serving)
        try:
            self._task = asyncio.create_task(self._run(), name="lifespan")
        finally:
            current_serving.reset(token)

        self._to_application.put_nowait({"type": "lifespan.startup"})
        await asyncio.wait({self._task, self._started}, return_when=asyncio.FIRST_COMPLETED)
        if not self._failed:
            self._raise_exit()
            return

        await asyncio.wait({self._task})
        raise self._failure()

    async def shutdown(self, timeout: float) -> None:
        """Stop the application, or what has been started of it.

        Failures and time-outs are logged: the process ends all the same.

        Args:
            timeout: Seconds that this may take.
        """
        if self._task is None:
            return

        if self._started.done():
            self._to_application.put_nowait({"type": "lifespan.shutdown"})
        else:
            # Its start is still under way.
            self._task.cancel()

        await asyncio.wait({self._task, self._stopped}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        if not self._task.done() and not self._stopped.done():
            _logger.error("application_stop_timed_out", timeout_s=round(timeout, 3))
            self._task.cancel()

        await asyncio.wait({self._task}, timeout=max(0.1, min(1.0, timeout)))
        if self._failed or not self._started.done() or not self._task.done() or self._task.cancelled():
            return

        error = self._task.exception()
        if isinstance(error, Exception):
            _logger.error("application_stop_failed", exc_info=error)

    async def _run(self) -> None:
        scope = {
            "type": "lifespan",
            "asgi": {"version": "3.0", "spec_version": "2.0"},
            "state": self.state,
        }
        await self._application(scope, self._to_application.get, self._receive)

    async def _receive(self, message: Message) -> None:
        kind = message["type"]
        if kind == "lifespan.startup.complete":
            _settle(self._started)
        elif kind == "lifespan.startup.failed":
            self._failed = True
            self._failure_message = str(message.get("message", ""))
            _settle(self._started)
        elif kind == "lifespan.shutdown.complete":
            _settle(self._stopped)
        elif kind == "lifespan.shutdown.failed":
            _settle(self._stopped)
            _logger.error("application_stop_failed", reason=str(message.get("message", "")))
        else:
            raise RuntimeError(f"ASGI: {kind!r} is no message of a lifespan")

    def _failure(self) -> ApplicationStartupError:
        assert self._task is not None
        error = None if self._task.cancelled() else self._task.exception()
        # Servers are told the traceback as text by some frameworks; its last line is the reason.
        told = self._failure_message.strip().rpartition("\n")[2]
        reason = f"{type(error).__name__}: {error}" if error is not None else told or "it gave no reason"
        failure = ApplicationStartupError(reason)
        failure.__cause__ = error
        failure.report = self.serving.failure_report
        return failure

    def _raise_exit(self) -> None:
        assert self._task is not None
        if self._task.done() and not self._task.cancelled():
            error = self._task.exception()
            if error is not None and not isinstance(error, Exception):
                raise error


def _settle(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)

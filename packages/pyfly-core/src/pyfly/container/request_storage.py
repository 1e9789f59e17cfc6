# SPDX-License-Identifier: Apache-2.0
"""Where the beans of one request live."""

import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextvars import ContextVar
from threading import RLock
from typing import Any, Final

from pyfly.container.registry import Registration

HTTP_SESSION_KEY: Final = "__pyfly_http_session__"

_log = logging.getLogger("pyfly.container")


class ScopeStorage:
    """The beans and attributes of one request, and what has to happen when it ends."""

    __slots__ = ("_attributes", "_endings", "beans", "lock")

    def __init__(self) -> None:
        self.beans: dict[Registration, Any] = {}
        self.lock = RLock()
        self._attributes: dict[str, Any] = {}
        self._endings: list[Callable[[], Awaitable[None] | None]] = []

    def get(self, key: str, default: Any = None) -> Any:
        """Return an attribute of the request."""
        return self._attributes.get(key, default)

    def set(self, key: str, value: Any) -> None:
        """Set an attribute of the request."""
        self._attributes[key] = value

    def at_end(self, ending: Callable[[], Awaitable[None] | None]) -> None:
        """Have something done when the request ends; the last one added goes first."""
        self._endings.append(ending)

    async def end(self) -> None:
        """Run what was registered for the end; failures are logged and stop nothing."""
        self.beans.clear()
        while self._endings:
            outcome = self._run(self._endings.pop())
            if outcome is not None:
                try:
                    await outcome
                except Exception:
                    _log.exception("request_bean_cleanup_failed")

    def end_now(self) -> None:
        """Do the same outside of coroutines.

        Raises:
            RuntimeError: A clean-up is asynchronous; the others have run.
        """
        self.beans.clear()
        unfinished = [outcome for outcome in map(self._run, self._drained()) if outcome is not None]
        for outcome in unfinished:
            if isinstance(outcome, Coroutine):
                outcome.close()

        if unfinished:
            raise RuntimeError(
                "A request-scoped bean is cleaned up asynchronously; end its scope with"
                " `async with RequestContext.scope()`"
            )

    def _drained(self) -> Iterator[Callable[[], Awaitable[None] | None]]:
        while self._endings:
            yield self._endings.pop()

    @staticmethod
    def _run(ending: Callable[[], Awaitable[None] | None]) -> Awaitable[None] | None:
        try:
            return ending()
        except Exception:
            _log.exception("request_bean_cleanup_failed")
            return None


current_request: ContextVar[ScopeStorage | None] = ContextVar("pyfly_request_context", default=None)

# SPDX-License-Identifier: Apache-2.0
"""Where the beans of one request live."""

import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextvars import ContextVar
from threading import RLock
from typing import Any, Final, TypeAlias

from pyfly.container.registry import Registration

HTTP_SESSION_KEY: Final = "__pyfly_http_session__"

Ending: TypeAlias = Callable[[], Awaitable[None] | None]

_log = logging.getLogger("pyfly.container")
# What `RLock()` returns, without the function around it, which takes as long again.
ReentrantLock = type(RLock())


class ScopeStorage:
    """The beans and attributes of one request, and what has to happen when it ends."""

    # Every request has one of these and few use all of it: the rest is made when it is first asked for.
    __slots__ = ("_attributes", "_endings", "beans", "lock")

    def __init__(self) -> None:
        self.beans: dict[Registration, Any] = {}
        #: Keeps two threads of one request from making the same bean twice.
        self.lock = ReentrantLock()
        self._attributes: dict[str, Any] | None = None
        self._endings: list[Ending] | None = None

    def get(self, key: str, default: Any = None) -> Any:
        """Return an attribute of the request."""
        return default if self._attributes is None else self._attributes.get(key, default)

    def set(self, key: str, value: Any) -> None:
        """Set an attribute of the request."""
        if self._attributes is None:
            self._attributes = {}

        self._attributes[key] = value

    @property
    def needs_ending(self) -> bool:
        """Whether anything has to happen when the request ends."""
        return self._endings is not None

    def at_end(self, ending: Ending) -> None:
        """Have something done when the request ends; the last one added goes first."""
        if self._endings is None:
            self._endings = []

        self._endings.append(ending)

    async def end(self) -> None:
        """Run what was registered for the end; failures are logged, and no cancellation cuts it short."""
        self.beans.clear()
        cancellation: BaseException | None = None
        for ending in self._drained():
            outcome = self._run(ending)
            if outcome is not None:
                try:
                    await outcome
                except Exception:
                    _log.exception("request_bean_cleanup_failed")
                except BaseException as error:
                    cancellation = error

        if cancellation is not None:
            raise cancellation

    def end_now(self) -> None:
        """Do the same outside of coroutines.

        Raises:
            RuntimeError: A clean-up is asynchronous; the others have run.
        """
        self.beans.clear()
        if not self._endings:
            return

        unfinished = [outcome for outcome in map(self._run, self._drained()) if outcome is not None]
        for outcome in unfinished:
            if isinstance(outcome, Coroutine):
                outcome.close()

        if unfinished:
            raise RuntimeError(
                "A request-scoped bean is cleaned up asynchronously; end its scope with"
                " `async with RequestContext.scope()`"
            )

    def _drained(self) -> Iterator[Ending]:
        while self._endings:
            yield self._endings.pop()

    @staticmethod
    def _run(ending: Ending) -> Awaitable[None] | None:
        try:
            return ending()
        except Exception:
            _log.exception("request_bean_cleanup_failed")
            return None


current_request: ContextVar[ScopeStorage | None] = ContextVar("pyfly_request_context", default=None)

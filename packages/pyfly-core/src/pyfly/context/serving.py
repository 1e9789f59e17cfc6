# SPDX-License-Identifier: Apache-2.0
"""How an application that a server runs hears of that server.

A server runs the start of its application in a context where `current_serving` has a `Serving`. An
application without a server finds none, and is ready as soon as it has started.
"""

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from typing import Final, TypeAlias

__all__ = ["Serving", "current_serving"]

Hook: TypeAlias = Callable[[], Awaitable[None]]


class Serving:
    """What an application wants to do when its server listens, and when it is asked to stop.

    Attributes:
        listening: Awaited one after the other once connections are accepted; a failure stops the start.
        stopping: Awaited one after the other as soon as a stop is asked for, while everything still works.
        failure_report: What the application says about a start that failed; the server shows it once.
    """

    def __init__(self) -> None:
        self.listening: list[Hook] = []
        self.stopping: list[Hook] = []
        self.failure_report: str | None = None


current_serving: Final[ContextVar[Serving | None]] = ContextVar("pyfly.context.serving", default=None)
"""The server that runs the application which starts here; None where there is no server."""

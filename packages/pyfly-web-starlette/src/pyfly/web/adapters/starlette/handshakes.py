# SPDX-License-Identifier: Apache-2.0
"""What is known of a WebSocket's handshake."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from pyfly.web.adapters.starlette.answers import Answer, problem_answer
from pyfly.web.adapters.starlette.denials import deny_handshake
from pyfly.web.binding import Exchange
from pyfly.web.problems import problem_of
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

HANDSHAKE: Final = "pyfly.handshake"
"""Where the dispatcher leaves the handshake in the scope."""


@dataclass(frozen=True, slots=True)
class Handshake:
    """The request for a WebSocket.

    Attributes:
        exchange: What it offers to the parameters of a handler.
        fail: Turns an error into an answer.
    """

    exchange: Exchange
    fail: Callable[[Exception, Exchange], Awaitable[Answer | Response]]

    @classmethod
    def of(cls, scope: Scope, receive: Receive, send: Send) -> "Handshake":
        """Return the handshake that the dispatcher has begun, or a bare one outside of it."""
        begun: Handshake | None = scope.get(HANDSHAKE)
        return begun or cls(Exchange(scope, receive, send), _problem)

    async def refuse(self, error: Exception, send: Send) -> None:
        """Answer the request with an error, as any other request that fails.

        Args:
            error: The error.
            send: The channel to the server.
        """
        await self._deny(await self.fail(error, self.exchange), send)

    async def turn_away(self, error: Exception, send: Send) -> None:
        """Answer the request with an error that is no failure, so that nobody handles or logs it.

        Args:
            error: The error.
            send: The channel to the server.
        """
        await self._deny(await _problem(error, self.exchange), send)

    async def _deny(self, answer: Answer | Response, send: Send) -> None:
        await deny_handshake(answer, self.exchange.scope, send)
        # uvicorn complains of an incomplete handshake, unless its connection is closed by the end of this.
        await asyncio.sleep(0)


async def _problem(error: Exception, exchange: Exchange) -> Answer:
    return problem_answer(problem_of(error, path=exchange.scope["path"], request_id=exchange.request_id))

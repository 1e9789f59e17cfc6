# SPDX-License-Identifier: Apache-2.0
"""What a handler's result becomes, compiled for each endpoint."""

import logging
from collections.abc import Callable
from typing import Any, Final, TypeAlias

from pyfly.web.adapters.starlette.answers import Answer
from pyfly.web.binding import Exchange
from pyfly.web.binding.hints import return_hint
from pyfly.web.conversion import BodyConversion
from pyfly.web.endpoints import Endpoint
from starlette.responses import Response

AnswerResult: TypeAlias = Callable[[Any, Exchange], Answer | Response]

_WITHOUT_BODY: Final = frozenset({204, 205, 304})

logger = logging.getLogger("pyfly.web")


class Results:
    """Turn the results of one endpoint, or of the exception handlers around it, into answers.

    Args:
        conversion: How values are written.
        hint: The declared type of the results.
        status: Status of a normal answer.
        endpoint: The endpoint; ``None`` for exception handlers.
    """

    def __init__(
        self, conversion: BodyConversion, hint: Any, status: int, endpoint: Endpoint | None = None
    ) -> None:
        # What an exception handler has to say is never held back because of its format.
        writer = conversion.writer(hint, lenient=endpoint is None)
        self._formats = writer.known
        self._choose = writer.choose
        self._refuses_early = writer.early and status not in _WITHOUT_BODY and _decides_format(endpoint)
        self._status = status
        self._endpoint = endpoint
        self._kinds: dict[type, AnswerResult] = {}
        self._name = "an exception handler"
        if endpoint is not None:
            self._name = f"{endpoint.controller.__name__}.{endpoint.name}"

    @classmethod
    def of(cls, endpoint: Endpoint, conversion: BodyConversion) -> "Results":
        """Compile the answers of an endpoint.

        Raises:
            RouteDefinitionError: Its return type cannot be evaluated.
        """
        hint = return_hint(endpoint.controller, endpoint.function)
        return cls(conversion, hint, endpoint.status_code, endpoint)

    def check_accept(self, exchange: Exchange) -> None:
        """Refuse a request whose answer the client would not take, before its handler runs.

        Raises:
            NotAcceptableException: No converter can write what is accepted.
        """
        if self._refuses_early:
            self._choose(exchange.head.get(b"accept"))

    def answer(self, result: Any, exchange: Exchange) -> Answer | Response:
        """Turn a result into an answer."""
        try:
            return self._kinds[type(result)](result, exchange)
        except KeyError:
            make = self._kinds[type(result)] = self._classify(type(result))

        return make(result, exchange)

    def _classify(self, kind: type) -> AnswerResult:
        if issubclass(kind, Response):
            return lambda result, exchange: result

        if kind is type(None):
            status = 204 if self._status == 200 else self._status
            return lambda result, exchange: Answer(status, [], b"")

        if self._status in _WITHOUT_BODY:
            logger.warning(
                "%s returns a %s, but an answer with status %d has no body; it is left out",
                self._name,
                kind.__name__,
                self._status,
            )
            return lambda result, exchange: Answer(self._status, [], b"")

        return self._converted

    def _converted(self, result: Any, exchange: Exchange) -> Answer:
        accept = exchange.head.get(b"accept")
        chosen = self._formats.get(accept) or self._choose(accept)
        if chosen.encode is not None:
            return Answer(self._status, [*chosen.headers], chosen.encode(result))

        content, headers = chosen.answer(result)
        return Answer(self._status, [*headers], content)


def _decides_format(endpoint: Endpoint | None) -> bool:
    """Tell whether the results of an endpoint decide about their format, and not its mapping."""
    return endpoint is None or (endpoint.produces is None and not endpoint.is_event_stream)

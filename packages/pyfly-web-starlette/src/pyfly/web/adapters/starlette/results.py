# SPDX-License-Identifier: Apache-2.0
"""What a handler's result becomes, compiled for each endpoint."""

import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final, TypeAlias

from pyfly.config.properties.web_stream import StreamProperties
from pyfly.web.adapters.starlette.answers import Answer
from pyfly.web.adapters.starlette.event_streams import (
    EventStreamResponse,
    EventStreamSettings,
    event_stream_answer,
)
from pyfly.web.adapters.starlette.files import file_answer
from pyfly.web.adapters.starlette.streams import StreamAnswer, content_type_of, stream_answer
from pyfly.web.binding import Exchange
from pyfly.web.binding.hints import return_hint
from pyfly.web.conversion import BodyConversion
from pyfly.web.endpoints import Endpoint
from pyfly.web.files import FileResult
from pyfly.web.sse import SseEmitter
from pyfly.web.streams import is_stream, kind_of_type, stream_item
from starlette.responses import Response

Begun: TypeAlias = Answer | Response | Awaitable[Response]
"""An answer, or what has to be waited for before its head is known; see `ready`."""

AnswerResult: TypeAlias = Callable[[Any, Exchange], Begun]

_WITHOUT_BODY: Final = frozenset({204, 205, 304})

logger = logging.getLogger("pyfly.web")


class Results:
    """Turn the results of one endpoint, or of the exception handlers around it, into answers.

    Args:
        conversion: How values are written.
        hint: The declared type of the results.
        status: Status of a normal answer.
        endpoint: The endpoint; ``None`` for exception handlers.
        event_streams: How event streams are served.
        streams: How other streams and files are sent.
    """

    def __init__(
        self,
        conversion: BodyConversion,
        hint: Any,
        status: int,
        endpoint: Endpoint | None = None,
        event_streams: EventStreamSettings | None = None,
        streams: StreamProperties | None = None,
    ) -> None:
        # What an exception handler has to say is never held back because of its format.
        writer = conversion.writer(hint, lenient=endpoint is None)
        self._formats = writer.known
        self._choose = writer.choose
        self._refuses_early = writer.early and status not in _WITHOUT_BODY and _decides_format(endpoint)
        self._status = status
        self._endpoint = endpoint
        self._produces = None if endpoint is None else endpoint.produces
        item = stream_item(hint)
        self._item_kind = kind_of_type(item)
        self._encode_item = conversion.serializer.encoder_for(Any if item is None else item)
        self._encode_event = conversion.serializer.encoder_for(Any)
        self._event_streams = event_streams or EventStreamSettings()
        self._send_timeout = (streams or StreamProperties()).send_timeout.total_seconds()
        self._kinds: dict[type, AnswerResult] = {}
        self._name = "an exception handler"
        if endpoint is not None:
            self._name = f"{endpoint.controller.__name__}.{endpoint.name}"

    @classmethod
    def of(
        cls,
        endpoint: Endpoint,
        conversion: BodyConversion,
        event_streams: EventStreamSettings | None = None,
        streams: StreamProperties | None = None,
    ) -> "Results":
        """Compile the answers of an endpoint.

        Raises:
            RouteDefinitionError: Its return type cannot be evaluated.
        """
        hint = return_hint(endpoint.controller, endpoint.function)
        return cls(conversion, hint, endpoint.status_code, endpoint, event_streams, streams)

    def check_accept(self, exchange: Exchange) -> None:
        """Refuse a request whose answer the client would not take, before its handler runs.

        Raises:
            NotAcceptableException: No converter can write what is accepted.
        """
        if self._refuses_early:
            self._choose(exchange.head.get(b"accept"))

    def answer(self, result: Any, exchange: Exchange) -> Begun:
        """Turn a result into an answer, or into what `ready` waits for."""
        kind = type(result)
        make = self._kinds.get(kind)
        if make is None:
            make = self._kinds[kind] = self._classify(kind)

        return make(result, exchange)

    def _classify(self, kind: type) -> AnswerResult:
        if issubclass(kind, Response):
            return lambda result, exchange: result

        if issubclass(kind, SseEmitter) or (self._endpoint is not None and self._endpoint.is_event_stream):
            return self._sent_as_events

        if kind is type(None):
            status = 204 if self._status == 200 else self._status
            return lambda result, exchange: Answer(status, [], b"")

        if is_stream(kind):
            return self._streamed

        if self._status in _WITHOUT_BODY:
            logger.warning(
                "%s returns a %s, but an answer with status %d has no body; it is left out",
                self._name,
                kind.__name__,
                self._status,
            )
            return lambda result, exchange: Answer(self._status, [], b"")

        if issubclass(kind, FileResult | Path):
            return lambda result, exchange: file_answer(
                result, self._status, exchange.scope, self._produces, self._send_timeout
            )

        if self._produces is not None and issubclass(kind, str | bytes):
            content_type = content_type_of(self._produces, is_text=issubclass(kind, str)).encode("latin-1")
            return lambda result, exchange: Answer(
                self._status,
                [(b"content-type", content_type)],
                result.encode() if isinstance(result, str) else result,
            )

        return self._converted

    async def _sent_as_events(self, result: Any, exchange: Exchange) -> Response:
        answer = event_stream_answer(
            result, self._status, self._encode_event, self._event_streams, self._name
        )
        if isinstance(answer, EventStreamResponse):
            exchange.at_end(lambda _: answer.abandon())
            await answer.prime()

        return answer

    async def _streamed(self, result: Any, exchange: Exchange) -> Response:
        answer = await stream_answer(
            result,
            self._status,
            media_type=self._produces,
            kind=self._item_kind,
            encode=self._encode_item,
            send_timeout=self._send_timeout,
        )
        if isinstance(answer, StreamAnswer):
            # A filter may answer in its place, and then nobody sends it.
            exchange.at_end(lambda _: answer.aclose())

        return answer

    def _converted(self, result: Any, exchange: Exchange) -> Answer:
        accept = exchange.head.get(b"accept")
        chosen = self._formats.get(accept) or self._choose(accept)
        if chosen.encode is not None:
            return Answer(self._status, [*chosen.headers], chosen.encode(result))

        content, headers = chosen.answer(result)
        return Answer(self._status, [*headers], content)


async def ready(answer: Begun) -> Answer | Response:
    """Wait for what an answer needs before its head can be sent.

    Raises:
        Exception: What comes instead of the answer: the failure of a stream before its first item, say.
    """
    return answer if isinstance(answer, Answer | Response) else await answer


def _decides_format(endpoint: Endpoint | None) -> bool:
    """Tell whether the results of an endpoint decide about their format, and not its mapping."""
    return endpoint is None or (endpoint.produces is None and not endpoint.is_event_stream)

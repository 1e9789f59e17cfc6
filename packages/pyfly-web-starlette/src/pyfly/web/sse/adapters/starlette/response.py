# SPDX-License-Identifier: Apache-2.0
"""Event streams for routes of your own."""

from collections.abc import AsyncIterable
from typing import Any

from pyfly.web.adapters.starlette.event_streams import event_stream_answer
from starlette.responses import StreamingResponse


def make_sse_response(async_generator: AsyncIterable[Any]) -> StreamingResponse:
    """Make a response that sends what a generator yields as server-sent events.

    Args:
        async_generator: Yields events, frames of ``format_sse_event``, or plain data; an `SseEmitter` will
            do.

    Raises:
        TypeError: It is something else.
    """
    response = event_stream_answer(async_generator)
    assert isinstance(response, StreamingResponse)
    return response

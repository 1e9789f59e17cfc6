# SPDX-License-Identifier: Apache-2.0
"""The head of event streams, and what they are made of."""

from typing import Final

from pyfly.web.sse.emitter import SseEmitter
from pyfly.web.sse.event import SseEvent, format_sse_event

__all__ = ["MEDIA_TYPE", "SSE_HEADERS", "SseEmitter", "SseEvent", "format_sse_event"]

MEDIA_TYPE: Final = "text/event-stream"

SSE_HEADERS: Final = {
    "Cache-Control": "no-cache",
    "Connection": "keep-alive",
    "X-Accel-Buffering": "no",
}
"""Keep caches and buffering proxies out of the way. ``Connection`` is for HTTP/1.1; HTTP/2 forbids it."""

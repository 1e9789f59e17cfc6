# SPDX-License-Identifier: Apache-2.0
"""Server-sent events: endpoints that keep on answering."""

from pkgutil import extend_path

from pyfly.web.sse.decorators import sse_mapping
from pyfly.web.sse.emitter import Overflow, SseEmitter
from pyfly.web.sse.event import LastEventId, SseEvent, format_sse_event

__all__ = ["LastEventId", "Overflow", "SseEmitter", "SseEvent", "format_sse_event", "sse_mapping"]
__path__ = extend_path(__path__, __name__)

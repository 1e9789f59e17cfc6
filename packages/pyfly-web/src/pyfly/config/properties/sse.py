# SPDX-License-Identifier: Apache-2.0
"""The settings of event streams, ``pyfly.web.sse.*``."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from annotated_types import Ge, Gt

from pyfly.config.binding import config_properties

_NONE = timedelta(0)


@config_properties(prefix="pyfly.web.sse")
@dataclass
class SseProperties:
    """Serve event streams.

    Attributes:
        heartbeat_seconds: How long a stream may be silent before a comment keeps its connection alive; 0 for
            no comments.
        send_timeout: How long a client may take to accept an event; then its stream is given up.
        head_delay: How long the head of the answer waits for the first event, so that a failure before it is
            answered as an error; 0 for not at all.
    """

    heartbeat_seconds: Annotated[timedelta, Ge(_NONE)] = timedelta(seconds=15)
    send_timeout: Annotated[timedelta, Gt(_NONE)] = timedelta(seconds=30)
    head_delay: Annotated[timedelta, Ge(_NONE)] = timedelta(milliseconds=250)

# SPDX-License-Identifier: Apache-2.0
"""The settings of WebSockets, ``pyfly.websocket.*``."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated

from annotated_types import Ge, Gt

from pyfly.config.binding import config_properties
from pyfly.config.data_size import DataSize

DEFAULT_MAX_MESSAGE_SIZE = DataSize(1024 * 1024)

_NONE = timedelta(0)


@config_properties(prefix="pyfly.websocket")
@dataclass
class WebSocketProperties:
    """Serve WebSockets.

    Attributes:
        allowed_origins: Origins whose pages may connect, such as ``https://shop.example.com``, besides pages
            of the service itself; ``*`` for all.
        max_connections: The most connections of a process at once; further ones are answered with 503.
        max_message_size: The longest message that is taken from a client; a longer one closes its connection
            with code 1009. The server may have a lower limit of its own.
        receive_queue: Messages of a client that wait for the handler; then the client has to wait.
        send_timeout: How long a client may take to accept a message; then its connection is given up.
        idle_timeout: How long a handler waits for the next message before the connection is closed; 0 for no
            limit.
        close_timeout: How long a handler may go on after the end of its connection; then it is cancelled.
    """

    allowed_origins: list[str] = field(default_factory=list)
    max_connections: Annotated[int, Ge(1)] = 10_000
    max_message_size: Annotated[DataSize, Ge(1)] = DEFAULT_MAX_MESSAGE_SIZE
    receive_queue: Annotated[int, Ge(1)] = 16
    send_timeout: Annotated[timedelta, Gt(_NONE)] = timedelta(seconds=30)
    idle_timeout: Annotated[timedelta, Ge(_NONE)] = _NONE
    close_timeout: Annotated[timedelta, Gt(_NONE)] = timedelta(seconds=10)

# SPDX-License-Identifier: Apache-2.0
"""How WebSockets are served."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pyfly.config.properties.websocket import WebSocketProperties
from pyfly.context.application_context import ApplicationContext
from pyfly.web.connections import OpenConnections, open_connections_of
from pyfly.web.conversion import BodyConversion
from pyfly.websocket.origin_policy import OriginPolicy
from pyfly.websocket.session_options import SessionOptions


@dataclass(frozen=True, slots=True)
class SocketSettings:
    """What all WebSockets of an application have in common.

    Attributes:
        options: Limits and JSON of the sessions.
        origins: The pages that may connect.
        max_connections: The most connections at once.
        queue_size: Messages of a client that wait for the handler.
        close_timeout: Seconds that a handler may go on after the end of its connection.
        connections: Where open connections are kept.
    """

    options: SessionOptions
    origins: OriginPolicy
    max_connections: int
    queue_size: int
    close_timeout: float
    connections: OpenConnections

    @classmethod
    def of(cls, context: ApplicationContext) -> "SocketSettings":
        """Read the settings of a context.

        Raises:
            BindingError: A setting of ``pyfly.websocket`` is wrong.
            ConfigurationError: An allowed origin is none.
        """
        properties = context.config.bind(WebSocketProperties)
        encode: Callable[[Any], bytes] = BodyConversion.of(context).serializer.encoder_for(Any)
        return cls(
            SessionOptions(
                encode=encode,
                max_message_size=int(properties.max_message_size),
                send_timeout=properties.send_timeout.total_seconds(),
                idle_timeout=properties.idle_timeout.total_seconds() or None,
            ),
            OriginPolicy(properties.allowed_origins),
            properties.max_connections,
            properties.receive_queue,
            properties.close_timeout.total_seconds(),
            open_connections_of(context),
        )

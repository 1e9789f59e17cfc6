# SPDX-License-Identifier: Apache-2.0
"""What an application server and an event loop have to offer."""

__all__ = ["ApplicationServerPort", "EventLoopFactoryPort", "EventLoopPort", "ServerConfig"]

from pyfly.server.ports.event_loop import EventLoopFactoryPort, EventLoopPort
from pyfly.server.ports.outbound import ApplicationServerPort, ServerConfig

# SPDX-License-Identifier: Apache-2.0
"""Servers and event loops behind two ports, and the properties that both are set up from."""

__all__ = ["ApplicationServerPort", "EventLoopPort", "ServerInfo"]

from pkgutil import extend_path

__path__ = extend_path(__path__, __name__)

from pyfly.server.ports.event_loop import EventLoopPort
from pyfly.server.ports.outbound import ApplicationServerPort
from pyfly.server.types import ServerInfo

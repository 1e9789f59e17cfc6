# SPDX-License-Identifier: Apache-2.0
"""Connections that stay open, and their end when the application stops."""

from pyfly.web.connections.open_connections import OpenConnection, OpenConnections, open_connections_of

__all__ = ["OpenConnection", "OpenConnections", "open_connections_of"]

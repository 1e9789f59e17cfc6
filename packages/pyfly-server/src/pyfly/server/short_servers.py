# SPDX-License-Identifier: Apache-2.0
"""Servers that only have ``run(app, host, port)``."""

from dataclasses import fields
from typing import Any

from pyfly.config.properties.server import ServerProperties
from pyfly.server.exceptions import RefusedSettingError

__all__ = ["refuse_settings_beyond_address"]


def refuse_settings_beyond_address(properties: ServerProperties, server: str) -> None:
    """Refuse settings that a server with ``run(app, host, port)`` alone is never told.

    Args:
        properties: The settings.
        server: The name of the server.

    Raises:
        RefusedSettingError: A setting other than type, host and port is not the default.
    """
    plain: Any = ServerProperties(type=properties.type, host=properties.host, port=properties.port)
    for field in fields(properties):
        value = getattr(properties, field.name)
        if value != getattr(plain, field.name):
            raise RefusedSettingError(
                f"pyfly.server.{field.name.replace('_', '-')}",
                value,
                server=server,
                reason=f"the server {server!r} only has run(app, host, port).",
                action="Remove it, or give the server a method serve(app, config).",
            )

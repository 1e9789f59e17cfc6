# SPDX-License-Identifier: Apache-2.0
"""The settings of the FastAPI adapter, ``pyfly.web.fastapi.*``."""

from dataclasses import dataclass

from pyfly.config.binding import config_properties


@config_properties(prefix="pyfly.web.fastapi")
@dataclass
class FastApiProperties:
    """Set up what FastAPI brings besides.

    Attributes:
        native_telemetry: Whether FastAPI records spans, metrics and logs by itself, for the OpenTelemetry
            providers of the process; when it is not set, it does unless a filter of the application opens the
            server spans.
    """

    native_telemetry: bool | None = None

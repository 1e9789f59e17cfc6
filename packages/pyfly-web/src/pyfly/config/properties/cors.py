# SPDX-License-Identifier: Apache-2.0
"""The settings of cross-origin requests, ``pyfly.web.cors.*``."""

import math
from dataclasses import dataclass, field
from datetime import timedelta

from pyfly.config.binding import config_properties


@config_properties(prefix="pyfly.web.cors")
@dataclass
class CorsProperties:
    """Say which pages of other origins may call the application.

    Attributes:
        enabled: Whether any page of another origin may.
        allowed_origins: Origins such as `https://shop.example.com`; `*` for all of them.
        allowed_origin_patterns: Origins with `*` in their host, or for their port, such as
            `https://*.example.com` or `http://localhost:*`; they take the place of `*` in the origins.
        allowed_methods: HTTP methods; `*` for all of them.
        allowed_headers: Request headers; `*` for all of them.
        exposed_headers: Headers of answers that scripts may read, besides those that browsers always show.
        allow_credentials: Whether browsers may send cookies and credentials along.
        allow_private_network: Whether pages of public origins may reach the application in a private network.
        max_age: Seconds for which browsers remember the answer to a preflight; 0 for not at all.
    """

    enabled: bool = False
    allowed_origins: list[str] = field(default_factory=lambda: ["*"])
    allowed_origin_patterns: list[str] = field(default_factory=list)
    allowed_methods: list[str] = field(default_factory=lambda: ["GET", "HEAD", "POST"])
    allowed_headers: list[str] = field(default_factory=lambda: ["*"])
    exposed_headers: list[str] = field(default_factory=list)
    allow_credentials: bool = False
    allow_private_network: bool = False
    max_age: int | timedelta = 600

    def __post_init__(self) -> None:
        """Turn a duration such as ``10m`` into whole seconds, rounded up."""
        if isinstance(self.max_age, timedelta):
            self.max_age = math.ceil(self.max_age.total_seconds())

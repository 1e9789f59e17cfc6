# SPDX-License-Identifier: Apache-2.0
"""The settings of the web layer, ``pyfly.web.*``."""

from dataclasses import dataclass, field
from typing import Literal

from pyfly.config.binding import config_properties
from pyfly.config.data_size import DataSize
from pyfly.config.errors import ConfigurationError

DEFAULT_MAX_BODY_SIZE = DataSize(16 * 1024 * 1024)


@dataclass
class RequestLoggingProperties:
    """Log each request, ``pyfly.web.request-logging.*``.

    Attributes:
        enabled: Whether each request is logged by ``pyfly.web`` with its status and duration.
    """

    enabled: bool = True


@dataclass
class RequestIdProperties:
    """Say which ids of a client are taken over, ``pyfly.web.request-ids.*``.

    Attributes:
        trust_inbound: Whether request, correlation and transaction ids of the client are taken; else each
            request gets new ones.
        max_length: The longest id that is taken, in characters; a longer one is replaced.
    """

    trust_inbound: bool = True
    max_length: int = 128


@dataclass
class ProblemDetailsProperties:
    """Choose the form of error answers, ``pyfly.web.problem-details.*``.

    Attributes:
        enabled: Whether errors are problem documents (RFC 9457); else they are ``{"error": {...}}``.
    """

    enabled: bool = True


@dataclass
class SecurityHeadersProperties:
    """Protect browsers, ``pyfly.web.security-headers.*``; an empty text leaves a header out.

    Attributes:
        enabled: Whether answers carry these headers.
        content_type_options: Value of ``X-Content-Type-Options``.
        frame_options: Value of ``X-Frame-Options``.
        strict_transport_security: Value of ``Strict-Transport-Security``, sent over HTTPS only.
        xss_protection: Value of ``X-XSS-Protection``.
        referrer_policy: Value of ``Referrer-Policy``.
        content_security_policy: Value of ``Content-Security-Policy``.
        permissions_policy: Value of ``Permissions-Policy``.
    """

    enabled: bool = True
    content_type_options: str = "nosniff"
    frame_options: str = "DENY"
    strict_transport_security: str = "max-age=31536000; includeSubDomains"
    xss_protection: str = "0"
    referrer_policy: str = "strict-origin-when-cross-origin"
    content_security_policy: str = ""
    permissions_policy: str = ""


@config_properties(prefix="pyfly.web")
@dataclass
class WebProperties:
    """Set up the web layer.

    Attributes:
        enabled: Whether the web layer is configured at all.
        adapter: ``auto``, the name of an installed web adapter, or ``none``.
        debug: Whether answers to unexpected errors show the exception and its traceback; never in production.
        docs: ``enabled``: whether ``/openapi.json``, ``/docs`` and ``/redoc`` are served.
        actuator: ``enabled``: whether operational endpoints are asked for; needs the module that has them.
        base_path: Beginning of the paths of all controllers, such as ``/api``.
        max_body_size: The most bytes that a request body may have; a longer one is answered with 413.
        request_logging: Whether requests are logged.
        request_ids: Which ids of a client are taken over.
        problem_details: The form of error answers.
        security_headers: Headers that protect browsers.
    """

    enabled: bool = True
    adapter: str = "auto"
    debug: bool = False
    docs: dict[Literal["enabled"], bool] = field(default_factory=lambda: {"enabled": True})
    actuator: dict[Literal["enabled"], bool] = field(default_factory=lambda: {"enabled": False})
    base_path: str = ""
    max_body_size: DataSize = DEFAULT_MAX_BODY_SIZE
    request_logging: RequestLoggingProperties = field(default_factory=RequestLoggingProperties)
    request_ids: RequestIdProperties = field(default_factory=RequestIdProperties)
    problem_details: ProblemDetailsProperties = field(default_factory=ProblemDetailsProperties)
    security_headers: SecurityHeadersProperties = field(default_factory=SecurityHeadersProperties)

    def __post_init__(self) -> None:
        """Refuse what no path can begin with."""
        if any(character in self.base_path for character in "{}?# "):
            raise ConfigurationError(
                f"pyfly.web.base-path: expected a plain path such as /api, got {self.base_path!r}"
            )

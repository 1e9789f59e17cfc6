# SPDX-License-Identifier: Apache-2.0
"""The settings of the application server, ``pyfly.server.*``."""

import math
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Annotated

from pyfly.config.alias import Alias
from pyfly.config.binding import config_properties
from pyfly.config.errors import ConfigurationError
from pyfly.config.secret import Secret
from pyfly.config.store import Config

DEFAULT_HOST = "0.0.0.0"
DEFAULT_PORT = 8000


@dataclass
class GranianProperties:
    """Tune Granian, ``pyfly.server.granian.*``.

    Attributes:
        runtime_threads: Threads of the Rust runtime per worker.
        runtime_mode: ``auto``, ``st`` (one thread) or ``mt`` (several threads).
        backpressure: Connections that a worker handles at once, the rest waits; the same as
            ``max_concurrent_connections``, and the smaller one counts. None for no limit.
        respawn_failed_workers: Whether a worker that dies after its start is replaced.
    """

    runtime_threads: int = 1
    runtime_mode: str = "auto"
    backpressure: int | None = None
    respawn_failed_workers: bool = True


@dataclass
class ServerObservabilityProperties:
    """Say what the server tells about its requests, ``pyfly.server.observability.*``.

    Attributes:
        access_log: Whether the server logs each request.
    """

    access_log: bool = False


@dataclass
class ProxyProperties:
    """Say which proxies the server believes, ``pyfly.server.proxy.*``.

    Attributes:
        trusted: Addresses and networks (CIDR) of the proxies whose ``X-Forwarded-For``, ``-Proto`` and
            ``-Host`` are believed; ``unix`` for peers on a Unix socket. None by default.
    """

    trusted: list[str] = field(default_factory=list)


@config_properties(prefix="pyfly.server")
@dataclass
class ServerProperties:
    """Set up the application server.

    A setting that the chosen server cannot honour stops the start.

    Attributes:
        type: ``auto`` or the name of an installed server.
        event_loop: ``auto``, ``uvloop``, ``winloop`` or ``asyncio``.
        workers: Worker processes; 0 means 1.
        backlog: Connections that may wait to be accepted.
        graceful_timeout: Seconds that requests in flight and the lifespan shutdown may take after a stop is
            asked for.
        http: ``auto``, ``1``, ``2`` or ``3``.
        ssl_certfile: PEM file of the certificate chain; needs ``ssl_keyfile``.
        ssl_keyfile: PEM file of the certificate's private key.
        ssl_keyfile_password: What the private key is encrypted with.
        ssl_minimum_version: The oldest TLS version to accept: ``1.2`` or ``1.3``.
        ssl_client_auth: Whether a client shows a certificate: ``none``, ``want`` (it may) or ``need``.
        ssl_ca_certs: PEM file of the authorities that certificates of clients come from.
        keep_alive_timeout: Seconds after which an idle connection is closed; 0 for no keep-alive.
        request_header_timeout: Seconds in which a client has to send the head of a request over HTTP/1; 0 for
            any time, None for 30. On Granian ``keep_alive_timeout`` counts.
        max_concurrent_connections: Connections that a worker takes at once; None for no limit.
        max_requests_per_worker: Requests after which a worker is replaced; None for never.
        granian: Settings of Granian alone.
        host: The address to bind; an IPv6 address has no brackets.
        port: The TCP port to bind; 0 for any free one.
        uds: Path of a Unix socket to bind in place of host and port.
        proxy: Which proxies are believed.
        observability: What the server tells about its requests.
    """

    type: str = "auto"
    event_loop: str = "auto"
    workers: int = 1
    backlog: int = 1024
    graceful_timeout: int | timedelta = 30
    http: str = "auto"
    ssl_certfile: str | None = None
    ssl_keyfile: str | None = None
    keep_alive_timeout: int | timedelta = 5
    max_concurrent_connections: int | None = None
    max_requests_per_worker: int | None = None
    granian: GranianProperties = field(default_factory=GranianProperties)
    host: Annotated[str, Alias("pyfly.web.host", deprecated=True)] = DEFAULT_HOST
    port: Annotated[int, Alias("pyfly.web.port", deprecated=True)] = DEFAULT_PORT
    observability: ServerObservabilityProperties = field(default_factory=ServerObservabilityProperties)
    ssl_keyfile_password: Secret | None = None
    ssl_minimum_version: str = "1.2"
    ssl_client_auth: str = "none"
    ssl_ca_certs: str | None = None
    uds: str | None = None
    proxy: ProxyProperties = field(default_factory=ProxyProperties)
    request_header_timeout: int | timedelta | None = None

    def __post_init__(self) -> None:
        """Turn durations such as ``30s`` into whole seconds, rounded up."""
        self.graceful_timeout = _seconds(self.graceful_timeout)
        self.keep_alive_timeout = _seconds(self.keep_alive_timeout)
        if self.request_header_timeout is not None:
            self.request_header_timeout = _seconds(self.request_header_timeout)


def resolve_app_port(config: Config) -> int:
    """Return the application's TCP port: ``pyfly.server.port``, else ``pyfly.web.port``, else 8000.

    Raises:
        ConfigurationError: The value is not a port.
    """
    for key in ("pyfly.server.port", "pyfly.web.port"):
        value = config.get(key)
        if value is not None:
            return _port(key, value)

    return DEFAULT_PORT


def resolve_app_host(config: Config) -> str:
    """Return the application's address: ``pyfly.server.host``, else ``pyfly.web.host``, else ``0.0.0.0``."""
    for key in ("pyfly.server.host", "pyfly.web.host"):
        value = config.get(key)
        if value is not None:
            return str(value)

    return DEFAULT_HOST


def _seconds(duration: int | timedelta) -> int:
    return math.ceil(duration.total_seconds()) if isinstance(duration, timedelta) else duration


def _port(key: str, value: object) -> int:
    try:
        port = int(str(value))
    except ValueError:
        port = -1

    if not 0 <= port <= 65535:
        raise ConfigurationError(f"{key}: expected a TCP port from 0 to 65535, got {value!r}")

    return port

# SPDX-License-Identifier: Apache-2.0
"""The settings of a server, checked and turned into what each part needs, before anything starts."""

from dataclasses import dataclass
from typing import Any

from pyfly.config.properties.server import DEFAULT_HOST, DEFAULT_PORT, GranianProperties
from pyfly.server.engine import EngineSettings
from pyfly.server.exceptions import RefusedSettingError
from pyfly.server.tls import tls_settings

__all__ = ["ServerPlan", "plan_server"]

_HTTP = ("auto", "1", "2", "3")


@dataclass(frozen=True, slots=True)
class ServerPlan:
    """Hold checked settings.

    Attributes:
        host: The address to bind.
        port: The TCP port to bind; 0 for any free one.
        uds: Path of a Unix socket to bind in their place.
        workers: Worker processes, at least 1.
        event_loop: ``auto`` or the name of an event loop.
        graceful_timeout: Seconds that a stop may take.
        max_requests: Requests after which a worker is replaced; None for never.
        respawns: Whether a worker that dies is replaced.
        trusted_proxies: Addresses and networks of proxies that are believed.
        engine: What the engine needs.
    """

    host: str
    port: int
    uds: str | None
    workers: int
    event_loop: str
    graceful_timeout: int
    max_requests: int | None
    respawns: bool
    trusted_proxies: tuple[str, ...]
    engine: EngineSettings


def plan_server(config: Any, server: str) -> ServerPlan:
    """Check the settings that mean the same for every server.

    Args:
        config: The settings, see `pyfly.server.ports.outbound.ServerConfig`.
        server: The name of the server, for errors.

    Raises:
        RefusedSettingError: A setting is wrong.
    """
    check = _Check(server)
    http = str(config.http)
    if http not in _HTTP:
        check.refuse("http", config.http, "there is no such HTTP version.", "Use auto, 1, 2 or 3.")

    tuning = getattr(config, "granian", None)
    observability = getattr(config, "observability", None)
    proxy = getattr(config, "proxy", None)
    header_timeout = getattr(config, "request_header_timeout", None)
    limit = config.max_concurrent_connections
    max_requests = config.max_requests_per_worker
    return ServerPlan(
        host=str(getattr(config, "host", DEFAULT_HOST)),
        port=int(getattr(config, "port", DEFAULT_PORT)),
        uds=getattr(config, "uds", None),
        workers=max(1, int(config.workers)),
        event_loop=str(config.event_loop),
        graceful_timeout=check.at_least("graceful-timeout", config.graceful_timeout, 1),
        max_requests=None
        if max_requests is None
        else check.at_least("max-requests-per-worker", max_requests, 1),
        respawns=tuning is None or bool(tuning.respawn_failed_workers),
        trusted_proxies=tuple(getattr(proxy, "trusted", ())),
        engine=EngineSettings(
            http=http,
            backlog=check.at_least("backlog", config.backlog, 1),
            keep_alive_timeout=check.at_least("keep-alive-timeout", config.keep_alive_timeout, 0),
            request_header_timeout=None
            if header_timeout is None
            else check.at_least("request-header-timeout", header_timeout, 0),
            max_concurrent_connections=None
            if limit is None
            else check.at_least("max-concurrent-connections", limit, 1),
            tls=tls_settings(config, server=server),
            access_log=bool(getattr(observability, "access_log", False)),
            granian=tuning if tuning is not None else GranianProperties(),
        ),
    )


class _Check:
    def __init__(self, server: str) -> None:
        self._server = server

    def at_least(self, name: str, value: Any, smallest: int) -> int:
        number = int(value)
        if number < smallest:
            self.refuse(name, value, f"it is less than {smallest}.", f"Use {smallest} or more.")

        return number

    def refuse(self, name: str, value: object, reason: str, action: str) -> None:
        raise RefusedSettingError(
            f"pyfly.server.{name}", value, server=self._server, reason=reason, action=action
        )

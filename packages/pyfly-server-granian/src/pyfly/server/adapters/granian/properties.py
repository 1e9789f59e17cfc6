# SPDX-License-Identifier: Apache-2.0
"""Translate the settings of a server into Granian's, and refuse what Granian cannot do."""

import ssl
from pathlib import Path
from typing import Any, NoReturn

from pyfly.config.properties.server import GranianProperties
from pyfly.server.exceptions import RefusedSettingError

SERVER = "granian"
HTTP_PROTOCOLS = {"auto": "h1+h2", "1": "h1", "2": "h2"}
LOOPS = ("asyncio", "uvloop", "winloop")
_RUNTIME_MODES = ("auto", "st", "mt")
_SMALLEST_BACKLOG = 128

# Granian applies this with logging.config.dictConfig. Its own configuration would close the handlers of the
# application; this one only sets levels and lets the records reach the application's handlers.
_LOGGING: dict[str, Any] = {
    "incremental": True,
    "handlers": {},
    "loggers": {"_granian": {"propagate": True}, "granian.access": {"level": "INFO", "propagate": True}},
}


def worker_count(config: Any) -> int:
    """Return the number of workers: what is configured, at least 1."""
    return max(1, int(config.workers))


def embedded_options(config: Any) -> dict[str, Any]:
    """Return the arguments that both of Granian's servers take, the address aside.

    Args:
        config: The settings, see `pyfly.server.ports.outbound.ServerConfig`.

    Raises:
        RefusedSettingError: A setting is wrong, or Granian cannot honour it.
    """
    from granian.constants import HTTPModes, Interfaces, SSLProtocols
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    _refuse_what_granian_cannot_do(config)
    certificate, key = _tls_files(config)
    tuning = _tuning(config)
    observability = getattr(config, "observability", None)
    keep_alive = int(config.keep_alive_timeout)
    return {
        "interface": Interfaces.ASGI,
        "http": HTTPModes(str(config.http)),
        # Granian has no setting of this name: its limit for reading the next request's head closes idle
        # connections.
        "http1_settings": HTTP1Settings(header_read_timeout=keep_alive * 1000)
        if keep_alive
        else HTTP1Settings(keep_alive=False),
        "backlog": int(config.backlog),
        "backpressure": tuning.backpressure,
        "runtime_threads": tuning.runtime_threads,
        "ssl_cert": certificate,
        "ssl_key": key,
        "ssl_protocol_min": SSLProtocols.tls12,
        "log_level": LogLevels.error,
        "log_dictconfig": _LOGGING,
        "log_access": bool(getattr(observability, "access_log", False)),
    }


def process_options(config: Any, *, event_loop: str) -> dict[str, Any]:
    """Return the arguments of Granian's server with worker processes, the address and the respawning aside.

    Args:
        config: The settings, see `pyfly.server.ports.outbound.ServerConfig`.
        event_loop: The name of the event loop to run on.

    Raises:
        RefusedSettingError: A setting is wrong, or Granian cannot honour it.
    """
    from granian.constants import Loops, RuntimeModes
    from granian.log import LogLevels

    if event_loop not in LOOPS:
        _refuse(
            "event-loop",
            event_loop,
            "Granian cannot run on this event loop.",
            f"Use auto, {', '.join(LOOPS)}.",
        )

    return {
        **embedded_options(config),
        "workers": worker_count(config),
        "loop": Loops(event_loop),
        "runtime_mode": RuntimeModes(_tuning(config).runtime_mode),
        "workers_kill_timeout": int(config.graceful_timeout),
        "log_level": LogLevels.warning,
    }


def _tuning(config: Any) -> GranianProperties:
    tuning: GranianProperties | None = getattr(config, "granian", None)
    return tuning if tuning is not None else GranianProperties()


def _refuse_what_granian_cannot_do(config: Any) -> None:
    if str(config.http) not in HTTP_PROTOCOLS:
        reason = "Granian has no HTTP/3." if str(config.http) == "3" else "there is no such HTTP version."
        _refuse("http", config.http, reason, "Use auto, 1 or 2, or a server with HTTP/3 (hypercorn).")

    if config.max_concurrent_connections is not None:
        _refuse(
            "max-concurrent-connections",
            config.max_concurrent_connections,
            "Granian cannot limit connections.",
            "Limit requests with pyfly.server.granian.backpressure, or use a server that can (uvicorn).",
        )

    if config.max_requests_per_worker is not None:
        _refuse(
            "max-requests-per-worker",
            config.max_requests_per_worker,
            "Granian cannot replace a worker after a number of requests.",
            "Remove it, or use a server that can (uvicorn, hypercorn).",
        )

    _require_at_least("backlog", config.backlog, _SMALLEST_BACKLOG)
    _require_at_least("graceful-timeout", config.graceful_timeout, 1)
    _require_at_least("keep-alive-timeout", config.keep_alive_timeout, 0)
    tuning = _tuning(config)
    _require_at_least("granian.runtime-threads", tuning.runtime_threads, 1)
    if tuning.backpressure is not None:
        _require_at_least("granian.backpressure", tuning.backpressure, 1)

    if tuning.runtime_mode not in _RUNTIME_MODES:
        modes = ", ".join(_RUNTIME_MODES)
        _refuse(
            "granian.runtime-mode", tuning.runtime_mode, "there is no such mode.", f"Use one of: {modes}."
        )


def _tls_files(config: Any) -> tuple[Path | None, Path | None]:
    files = {"ssl-certfile": config.ssl_certfile, "ssl-keyfile": config.ssl_keyfile}
    given = {name: Path(value) for name, value in files.items() if value}
    if not given:
        return None, None

    for name in files.keys() - given.keys():
        other = next(iter(given))
        _refuse(
            name,
            None,
            f"TLS needs it beside pyfly.server.{other}.",
            f"Set both, or remove pyfly.server.{other}.",
        )

    for name, path in given.items():
        if not path.is_file():
            _refuse(
                name,
                str(path),
                "there is no such file.",
                "Correct the path; relative ones start at the working directory.",
            )

    certificate, key = given["ssl-certfile"], given["ssl-keyfile"]
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
    except (ssl.SSLError, OSError) as error:
        _refuse(
            "ssl-certfile", str(certificate), f"it does not go with {key}: {error}.", "Correct the two files."
        )

    return certificate, key


def _require_at_least(name: str, value: int, smallest: int) -> None:
    if int(value) < smallest:
        _refuse(name, value, f"Granian takes no less than {smallest}.", f"Use {smallest} or more.")


def _refuse(name: str, value: object, reason: str, action: str) -> NoReturn:
    raise RefusedSettingError(f"pyfly.server.{name}", value, server=SERVER, reason=reason, action=action)

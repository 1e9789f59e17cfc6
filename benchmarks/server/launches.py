# SPDX-License-Identifier: Apache-2.0
"""How the same application is started: `pyfly run` on each server, and the server's own command.

One worker, uvloop, the same backlog, no access log; all else is the default of each.
"""

from collections.abc import Mapping

from benchmarks.processes import ROOT
from benchmarks.web.servers import Launch

SERVERS = ("granian", "uvicorn", "hypercorn")
OURS = "pyfly run"
BARE = "benchmarks.peers.empty_asgi:app"
ORDERS = ROOT / "examples" / "orders"
_BACKLOG = "1024"
_QUIET = {
    "PYFLY_LOGGING_ADAPTER": "stdlib",
    "PYFLY_LOGGING_LEVEL_ROOT": "WARN",
    "PYFLY_WEB_REQUEST_LOGGING_ENABLED": "false",
}


def bare_launches(server: str) -> dict[str, Launch]:
    """Return the starts of an ASGI application that does nothing, by contender; ours comes first."""
    return {
        OURS: Launch(_pyfly_run(server, BARE), variables=_QUIET),
        server: Launch(_own_command(server, BARE)),
    }


def orders_launches(server: str) -> dict[str, Launch]:
    """Return the starts of the example, by contender; ours comes first."""
    variables = {**_QUIET, "PYTHONPATH": str(ORDERS / "src")}
    commands: Mapping[str, tuple[str, ...]] = {
        OURS: _pyfly_run(server, "orders.main:app"),
        server: _own_command(server, "orders.main:app"),
    }
    return {
        name: Launch(command, "/orders/statistics", ORDERS, variables) for name, command in commands.items()
    }


def _pyfly_run(server: str, application: str) -> tuple[str, ...]:
    settings = {
        "server.backlog": _BACKLOG,
        "server.event-loop": "uvloop",
        "banner.mode": "OFF",
    }
    defines = [part for key, value in settings.items() for part in ("-D", f"{key}={value}")]
    where = ("--host", "127.0.0.1", "--port", "{port}", "--app", application)
    return "pyfly", "run", "--server", server, "--workers", "1", *where, *defines


def _own_command(server: str, application: str) -> tuple[str, ...]:
    options = {
        "granian": ("--interface", "asgi", "--loop", "uvloop", "--log-level", "warning", "--port", "{port}"),
        "uvicorn": ("--loop", "uvloop", "--log-level", "warning", "--no-access-log", "--port", "{port}"),
        "hypercorn": ("--worker-class", "uvloop", "--log-level", "warning", "--bind", "127.0.0.1:{port}"),
    }
    return server, "--workers", "1", "--backlog", _BACKLOG, *options[server], application

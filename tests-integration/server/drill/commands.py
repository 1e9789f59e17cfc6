# SPDX-License-Identifier: Apache-2.0
"""What starts the drilled service: `pyfly run`, or the server's own command to compare with."""

from drill.instance import Command

SERVERS = ("granian", "uvicorn", "hypercorn")
APPLICATION = "drill.shop:app"
GRACEFUL_TIMEOUT = 10
"""Seconds that each of these may take to stop."""


def pyfly_run(server: str, workers: int) -> Command:
    """Return the command `pyfly run` with a server."""
    settings = {"server.graceful-timeout": f"{GRACEFUL_TIMEOUT}s", "banner.mode": "OFF"}
    options = ["--host", "127.0.0.1", "--server", server, "--workers", str(workers), "--app", APPLICATION]
    options += [part for key, value in settings.items() for part in ("-D", f"{key}={value}")]
    return lambda port: ["pyfly", "run", *options, "--port", str(port)]


def own_command(server: str, workers: int) -> Command:
    """Return the server's own command."""
    count, timeout = str(workers), str(GRACEFUL_TIMEOUT)
    match server:
        case "granian":
            granian = ["granian", "--interface", "asgi", "--no-access-log", "--workers-kill-timeout", timeout]
            return lambda port: [*granian, "--workers", count, "--port", str(port), APPLICATION]
        case "uvicorn":
            uvicorn = ["uvicorn", "--no-access-log", "--timeout-graceful-shutdown", timeout]
            return lambda port: [*uvicorn, "--workers", count, "--port", str(port), APPLICATION]
        case _:
            hypercorn = ["hypercorn", "--graceful-timeout", timeout, "--workers", count]
            return lambda port: [*hypercorn, "--bind", f"127.0.0.1:{port}", APPLICATION]

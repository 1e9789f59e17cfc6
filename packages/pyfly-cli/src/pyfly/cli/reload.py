# SPDX-License-Identifier: Apache-2.0
"""Serve an application, and start it anew when its files change."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click

from pyfly.cli.file_changes import FileChanges
from pyfly.config.properties.server import ServerProperties
from pyfly.server.adapter import EngineServerAdapter
from pyfly.server.supervisor.serving import serve_in_processes

_LONGEST_STOP = 3
# They take most of a start, do nothing when they are imported, and do not change while somebody works.
_LIBRARIES = (
    "anyio",
    "fastapi",
    "granian",
    "h11",
    "httptools",
    "hypercorn",
    "pydantic",
    "pydantic_core",
    "pyfly",
    "starlette",
    "uvicorn",
    "websockets",
)


def serve_watched(
    adapter: EngineServerAdapter,
    app: str,
    properties: ServerProperties,
    directory: Path,
    watched: Sequence[Path],
) -> None:
    """Serve until a signal comes, with one worker that is started anew when files change.

    A worker that does not start, for a mistake in the code say, tells why and waits for the next change.

    Args:
        adapter: The server.
        app: Where the application is.
        properties: The settings.
        directory: The project's folder.
        watched: Further folders to watch.

    Raises:
        ServerStartError: A setting is refused, or the address cannot be bound.
    """
    if properties.workers > 1:
        click.echo(f"Warning: --reload serves with one worker, not {properties.workers}.", err=True)

    plan = adapter.check(replace(properties, workers=1, max_requests_per_worker=None))
    # A developer does not wait half a minute for an open stream.
    plan = replace(plan, graceful_timeout=min(plan.graceful_timeout, _LONGEST_STOP))
    with FileChanges(directory, watched) as changes:
        serve_in_processes(adapter, app, plan, changes, _LIBRARIES)

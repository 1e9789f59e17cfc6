# SPDX-License-Identifier: Apache-2.0
"""Start the server with the application."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pyfly.cli.banner import print_banner
from pyfly.cli.discovery import discover_application
from pyfly.cli.environment import variable_name
from pyfly.cli.import_target import check_target
from pyfly.config.properties.server import ServerProperties, resolve_app_host, resolve_app_port
from pyfly.config.shared_reading import shared_reading
from pyfly.config.store import Config
from pyfly.logging import StoppableLogging
from pyfly.logging.selection import release_logging, select_adapter
from pyfly.server.collector_pause import CollectorPause
from pyfly.server.exceptions import ServerStartError
from pyfly.server.selection import select_server
from pyfly.server.short_servers import refuse_settings_beyond_address


def launch(directory: Path, app: str | None, *, watched: Sequence[Path] | None = None) -> None:
    """Load the configuration once, choose the server, and serve until it is stopped.

    Args:
        directory: The project's folder.
        app: The import string of the application; None to discover it.
        watched: Further folders to watch; a change in them or in the project starts the application anew.
            None to watch nothing at all.

    Raises:
        Exception: Whatever keeps the server from starting; those that a user can mend have a description and
            an action.
        SystemExit: The application did not start, and has told why.
    """
    with shared_reading():
        with CollectorPause():
            config = Config.from_sources(directory)
            target = app or discover_application(config, directory)
            if watched is None:
                # What is not there yet may be written before the next change.
                check_target(target, directory)

            properties = config.bind(ServerProperties)
            properties.host = resolve_app_host(config)
            properties.port = resolve_app_port(config)
            server = select_server(properties.type)
            adapter = server.create()

            print_banner(config)
            logging_system = select_adapter(config)
            logging_system.configure(config)

        # The application is built from the same sources, in each worker: what was decided here travels in the
        # environment.
        os.environ[variable_name("pyfly.server.type")] = server.name
        os.environ["_PYFLY_BANNER_PRINTED"] = "1"
        os.environ["_PYFLY_WORKERS"] = str(max(1, properties.workers) if watched is None else 1)
        try:
            if watched is not None:
                _serve_watched(adapter, server.name, target, properties, directory, watched)
            elif hasattr(adapter, "serve"):
                adapter.serve(target, properties)
            else:
                refuse_settings_beyond_address(properties, server.name)
                adapter.run(target, properties.host, properties.port)
        finally:
            if isinstance(logging_system, StoppableLogging):
                logging_system.shutdown()

            release_logging()


def _serve_watched(
    adapter: Any,
    name: str,
    target: str,
    properties: ServerProperties,
    directory: Path,
    watched: Sequence[Path],
) -> None:
    from pyfly.cli.reload import serve_watched
    from pyfly.server.adapter import EngineServerAdapter

    if not isinstance(adapter, EngineServerAdapter):
        raise ServerStartError(
            f"--reload: the server {name!r} cannot be started anew from here.",
            "Use granian, uvicorn or hypercorn, or run without --reload.",
        )

    serve_watched(adapter, target, properties, directory, watched)

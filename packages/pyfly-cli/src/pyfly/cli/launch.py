# SPDX-License-Identifier: Apache-2.0
"""Start the server with the application."""

import os
from dataclasses import fields
from pathlib import Path
from typing import Any

from pyfly.cli.banner import print_banner
from pyfly.cli.discovery import discover_application
from pyfly.cli.environment import variable_name
from pyfly.config.properties.server import ServerProperties, resolve_app_host, resolve_app_port
from pyfly.config.store import Config
from pyfly.logging import StoppableLogging
from pyfly.logging.selection import release_logging, select_adapter
from pyfly.server.collector_pause import CollectorPause
from pyfly.server.exceptions import RefusedSettingError
from pyfly.server.selection import select_server


def launch(directory: Path, app: str | None) -> None:
    """Load the configuration once, choose the server, and serve until it is stopped.

    Args:
        directory: The project's folder.
        app: The import string of the application; None to discover it.

    Raises:
        Exception: Whatever keeps the server from starting; those that a user can mend have a description and
            an action.
        SystemExit: The application did not start, and has told why.
    """
    with CollectorPause():
        config = Config.from_sources(directory)
        target = app or discover_application(config, directory)
        properties = config.bind(ServerProperties)
        properties.host = resolve_app_host(config)
        properties.port = resolve_app_port(config)
        server = select_server(properties.type)
        adapter = server.create()

        print_banner(config)
        logging_system = select_adapter(config)
        logging_system.configure(config)

    # The application reads its configuration anew, in each worker: what was decided here travels in the
    # environment.
    os.environ[variable_name("pyfly.server.type")] = server.name
    os.environ["_PYFLY_BANNER_PRINTED"] = "1"
    os.environ["_PYFLY_WORKERS"] = str(max(1, properties.workers))
    try:
        if hasattr(adapter, "serve"):
            adapter.serve(target, properties)
        else:
            _refuse_settings(server.name, properties)
            adapter.run(target, properties.host, properties.port)
    finally:
        if isinstance(logging_system, StoppableLogging):
            logging_system.shutdown()

        release_logging()


def _refuse_settings(server: str, properties: ServerProperties) -> None:
    plain: Any = ServerProperties(type=properties.type, host=properties.host, port=properties.port)
    for field in fields(properties):
        value = getattr(properties, field.name)
        if value != getattr(plain, field.name):
            raise RefusedSettingError(
                f"pyfly.server.{field.name.replace('_', '-')}",
                value,
                server=server,
                reason=f"the server {server!r} only has run(app, host, port).",
                action="Remove it, or give the server a method serve(app, config).",
            )

# SPDX-License-Identifier: Apache-2.0
"""The commands ``pyfly routes``, ``beans``, ``conditions`` and ``env``."""

import click

from pyfly.cli.inspection.options import Inspection, inspection_options

__all__ = ["beans_cmd", "conditions_cmd", "env_cmd", "routes_cmd"]


@click.command("routes")
@inspection_options
def routes_cmd(inspection: Inspection) -> None:
    """Show the routes that an application serves; it is not started.

    Those of controllers, event streams and WebSockets, and those of other kinds.
    """
    from pyfly.cli.inspection.routes import routes_payload, show_routes

    inspection.show("mappings", routes_payload, show_routes)


@click.command("beans")
@inspection_options
def beans_cmd(inspection: Inspection) -> None:
    """Show the beans that an application has; none is created."""
    from pyfly.cli.inspection.beans import beans_payload, show_beans

    inspection.show("beans", beans_payload, show_beans)


@click.command("conditions")
@inspection_options
def conditions_cmd(inspection: Inspection) -> None:
    """Show which configurations apply, and why others do not; nothing is started.

    An application that could not start is told after what was decided before that, with exit code 1.
    """
    from pyfly.cli.inspection.conditions import conditions_payload, show_conditions

    failures: list[Exception] = []
    inspection.show("conditions", lambda it: conditions_payload(it, failures.append), show_conditions)
    for failure in failures:
        raise failure


@click.command("env")
@inspection_options
def env_cmd(inspection: Inspection) -> None:
    """Show the active profiles and all sources of settings, secrets hidden."""
    from pyfly.cli.inspection.folder import look_into
    from pyfly.cli.inspection.property_sources import env_payload, show_env

    if inspection.url is None:
        payload = inspection.in_place(lambda directory: look_into(directory, inspection.app, env_payload))
    else:
        payload = inspection.remote(inspection.url).get("env")

    inspection.print(payload, show_env)

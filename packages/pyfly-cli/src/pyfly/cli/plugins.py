# SPDX-License-Identifier: Apache-2.0
"""Commands that other distributions add through entry-point group ``pyfly.cli_plugins``."""

from functools import cache

import click

PLUGINS_GROUP = "pyfly.cli_plugins"


@cache
def discover_cli_plugins() -> list[tuple[str, click.Command]]:
    """Return the names and commands of the installed plugins, by name.

    A plugin that cannot be loaded, or is not a click command, is named on standard error and left out. The
    answer is the same for the life of the process.
    """
    # Reading metadata takes a while, and most commands are known without it.
    from pyfly.kernel.entry_points import entry_points_of

    plugins: list[tuple[str, click.Command]] = []
    for entry in entry_points_of(PLUGINS_GROUP):
        try:
            command = entry.load()
        except Exception as error:
            click.echo(
                f"Warning: command {entry.name!r} ({entry.value}) cannot be loaded: {error!r}", err=True
            )
            continue

        if isinstance(command, click.Command):
            plugins.append((entry.name, command))
        else:
            click.echo(f"Warning: {entry.value}, named {entry.name!r}, is not a click command.", err=True)

    return plugins

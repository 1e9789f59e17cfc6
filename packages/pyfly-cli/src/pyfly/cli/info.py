# SPDX-License-Identifier: Apache-2.0
"""The command ``pyfly info``."""

import platform

import click

from pyfly.cli.distributions import installed_distributions


@click.command("info")
def info_command() -> None:
    """Show the installed PyFly distributions and the environment."""
    from rich.table import Table

    from pyfly.cli.console import console

    console.print("PyFly Framework", style="pyfly")
    environment = {
        "Python": platform.python_version(),
        "Platform": platform.platform(),
        "Architecture": platform.machine(),
    }
    for title, rows in (
        ("Environment", list(environment.items())),
        ("Installed Distributions", installed_distributions()),
    ):
        table = Table(title=title, title_justify="left", show_header=False, box=None)
        table.add_column(style="info", no_wrap=True)
        table.add_column(overflow="fold")
        for name, value in rows:
            table.add_row(name, value)

        console.print()
        console.print(table)

# SPDX-License-Identifier: Apache-2.0
"""Show the banner of the framework once, before the workers start."""

from importlib.metadata import version

import click

from pyfly.config.store import Config
from pyfly.core.banner import BannerPrinter


def print_banner(config: Config | None = None) -> None:
    """Print the banner to standard output, as ``pyfly.banner.*`` says.

    Args:
        config: The application's configuration; without one, the banner is the framework's own.
    """
    config = Config() if config is None else config
    printer = BannerPrinter.from_config(
        config,
        version=version("pyfly-core"),
        app_name=str(config.get("pyfly.app.name", "")),
        app_version=str(config.get("pyfly.app.version", "")),
        active_profiles=config.active_profiles,
    )
    if text := printer.render():
        click.echo(f"{text}\n")

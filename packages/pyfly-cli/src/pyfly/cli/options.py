# SPDX-License-Identifier: Apache-2.0
"""The options of all commands that take an application and the settings it is started with."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])

_OPTIONS = (
    click.option(
        "--app",
        metavar="MODULE:ATTRIBUTE",
        envvar="PYFLY_APP",
        show_envvar=True,
        help="The application.  [default: pyfly.app.module, else src/*/main.py]",
    ),
    click.option(
        "--profile", "-p", "profiles", multiple=True, metavar="NAME", help="Activate a profile; repeatable."
    ),
    click.option(
        "--define",
        "-D",
        "defines",
        multiple=True,
        metavar="KEY=VALUE",
        help="Override a configuration key; repeatable.",
    ),
    click.option(
        "--env",
        "env_vars",
        multiple=True,
        metavar="NAME=VALUE",
        help="Set an environment variable; repeatable.",
    ),
)


def launch_options(command: F) -> F:
    """Give a command the parameters ``app``, ``profiles``, ``defines`` and ``env_vars``."""
    for option in reversed(_OPTIONS):
        command = option(command)

    return command

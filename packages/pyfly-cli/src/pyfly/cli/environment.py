# SPDX-License-Identifier: Apache-2.0
"""What the options of a launch add to the environment of the application and its workers."""

import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import click


def variable_name(key: str) -> str:
    """Return the environment variable that overrides a configuration key, with or without ``pyfly.``."""
    return "PYFLY_" + key.removeprefix("pyfly.").replace(".", "_").replace("-", "_").upper()


def launch_environment(
    *,
    profiles: Sequence[str] = (),
    defines: Sequence[str] = (),
    env_vars: Sequence[str] = (),
    settings: Mapping[str, object] | None = None,
    debug: bool = False,
) -> dict[str, str]:
    """Return the variables that a launch sets; empty when no option is given.

    Args:
        profiles: Profile names, or comma-separated lists of them.
        defines: ``KEY=VALUE`` texts that override configuration keys.
        env_vars: ``NAME=VALUE`` texts that set environment variables.
        settings: Values by configuration key; they win over ``defines``, those over ``env_vars``. None: not
            given.
        debug: Whether to log at level DEBUG and to show the condition report and tracebacks.

    Raises:
        click.BadParameter: A text has no ``=``, or nothing before it.
    """
    variables = dict(_split(text, "--env") for text in env_vars)
    names = [name.strip() for text in profiles for name in text.split(",") if name.strip()]
    if names:
        variables["PYFLY_PROFILES_ACTIVE"] = ",".join(names)

    if debug:
        variables["PYFLY_LOGGING_LEVEL_ROOT"] = "DEBUG"
        variables["PYFLY_DEBUG"] = "true"

    given = {variable_name(key): str(value) for key, value in (settings or {}).items() if value is not None}
    options: dict[str, str] = {}
    for text in defines:
        key, value = _split(text, "--define")
        if variable_name(key) not in given:
            options[key] = variables[variable_name(key)] = value

    if options:
        # Imported late: `pyfly --help` needs no application.
        from pyfly.core.command_line import HANDED_OVER

        variables[HANDED_OVER] = json.dumps(options)

    return variables | given


@contextmanager
def applied(variables: Mapping[str, str], directory: Path) -> Iterator[None]:
    """Set variables and make a project importable; undo both at the end.

    Args:
        variables: The environment variables to set.
        directory: The project's folder; it and its ``src`` come first on ``sys.path``.
    """
    environment, path = dict(os.environ), list(sys.path)
    os.environ.update(variables)
    sources = directory / "src"
    sys.path[:0] = [*([str(sources)] if sources.is_dir() else []), str(directory)]
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(environment)
        sys.path[:] = path


def _split(text: str, option: str) -> tuple[str, str]:
    key, separator, value = text.partition("=")
    if not (separator and key.strip()):
        raise click.BadParameter(f"{text!r} is not of the form KEY=VALUE.", param_hint=option)

    return key.strip(), value

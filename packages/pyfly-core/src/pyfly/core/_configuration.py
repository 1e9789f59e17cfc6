# SPDX-License-Identifier: Apache-2.0
"""Where the configuration of an application comes from."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pyfly.config._tree import expand, merge
from pyfly.config.store import Config
from pyfly.core._metadata import ApplicationMetadata
from pyfly.core.exceptions import ConfigurationPathError


def load_configuration(
    metadata: ApplicationMetadata, config_path: str | Path | None, args: Sequence[str] | None = None
) -> Config:
    """Read the configuration of an application.

    What the application class says is weaker than any file.

    Args:
        metadata: What the application class says.
        config_path: The file, or the folder of ``pyfly.yaml``; the working directory when it is None.
        args: The command line, whose ``--key=value`` are settings above all others.

    Raises:
        ConfigurationError: The path does not exist, or what is there cannot be read.
        Exception: What an import raises that must not fail.
    """
    # Needed by an application, not to import one.
    from pyfly.core.command_line import settings_of

    application, starters, arguments = _application(metadata), _starters(metadata), settings_of(args)
    path = Path() if config_path is None else Path(config_path)
    if not path.exists():
        raise ConfigurationPathError(path)

    if path.is_dir():
        return Config.from_sources(
            path, starter_defaults=starters, application=application, arguments=arguments
        )

    return Config.from_file(path, starter_defaults=starters, application=application, arguments=arguments)


def _application(metadata: ApplicationMetadata) -> dict[str, Any]:
    app = {"name": metadata.name, "version": metadata.version, "description": metadata.description}
    return {"pyfly": {"app": app}}


def _starters(metadata: ApplicationMetadata) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for starter in metadata.starter_defaults:
        merged = merge(merged, expand(starter))

    return merged

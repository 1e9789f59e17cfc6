# SPDX-License-Identifier: Apache-2.0
"""The configuration of a folder, with what its application adds to it where there is one."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pyfly.cli.discovery import ApplicationNotFoundError, discover_application
from pyfly.cli.inspection.application import apart, configuration_of, import_application
from pyfly.cli.output import note, warn
from pyfly.config.store import Config
from pyfly.context.application_context import ApplicationContext
from pyfly.server.exceptions import ApplicationImportError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Folder:
    """What a folder tells about settings.

    Attributes:
        config: The configuration of the application; that of the folder alone where there is none.
        context: The context of the application, if there is one.
    """

    config: Config
    context: ApplicationContext | None = None


def look_into(directory: Path, app: str | None, look: Callable[[Folder], T]) -> T:
    """Have a look at the configuration; an application that cannot be imported only leaves a warning.

    Args:
        directory: The folder; it is importable already.
        app: The import string of the application; None to discover it.
        look: Called with what was found; its result must not need it any more.

    Raises:
        ConfigurationError: A file is not as it must be.
        ApplicationImportError: ``app`` leads nowhere.
        Exception: Whatever ``look`` raises.
    """
    with apart():
        return look(_read(directory, app))


def _read(directory: Path, app: str | None) -> Folder:
    config = configuration_of(directory)
    try:
        target = app or discover_application(config, directory)
    except ApplicationNotFoundError:
        note(f"No application found: this is the configuration of {directory} alone.")
        return Folder(config)

    try:
        context = import_application(target, directory).context
    except Exception as error:
        if app is not None and isinstance(error, ApplicationImportError):
            raise

        warn(
            f"{target} cannot be imported: {type(error).__name__}: {error}\n"
            f"This is the configuration of {directory} alone."
        )
        return Folder(config)

    return Folder(config) if context is None else Folder(context.config, context)

# SPDX-License-Identifier: Apache-2.0
"""The application of a folder: imported, prepared, never started."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pyfly.cli.discovery import discover_application
from pyfly.cli.import_target import check_target
from pyfly.cli.inspection.errors import InspectionError
from pyfly.config.shared_reading import shared_reading
from pyfly.config.store import Config
from pyfly.context.application_context import ApplicationContext
from pyfly.core.application import PyFlyApplication
from pyfly.core.command_line import settings_of
from pyfly.logging.selection import release_logging
from pyfly.server.import_string import load_object

T = TypeVar("T")

# So many layers of middleware around an application are looked through.
_MOST_LAYERS = 16


@dataclass(frozen=True, slots=True)
class InspectedApplication:
    """What an import string leads to.

    Attributes:
        target: The import string.
        context: The context; None for a web application that was made without one.
        web: The web application, None where there is none.
    """

    target: str
    context: ApplicationContext | None
    web: Any = None

    def existing_context(self) -> ApplicationContext:
        """Return the context as it is.

        Raises:
            InspectionError: There is none.
        """
        if self.context is None:
            raise InspectionError(
                f"{self.target} has no context.",
                "Give one to create_app(context=...), and it has beans to show.",
            )

        return self.context

    def prepared(self) -> ApplicationContext:
        """Decide which beans there are, and return the context; nothing is created.

        Raises:
            InspectionError: There is no context.
            BeanCreationException: The application could not start.
        """
        context = self.existing_context()
        context.prepare()
        return context

    def prepared_web(self) -> Any:
        """Do the same, and return the web application with the routes that it would have.

        Raises:
            InspectionError: It is no web application.
            BeanCreationException: The application could not start.
        """
        if self.web is None:
            raise InspectionError(
                f"{self.target} serves no requests: it is no web application.",
                "Name what create_app() of a web adapter returns.",
            )

        if self.context is not None:
            self.prepared()

        self.web.state.pyfly_install_dynamic_wiring()
        return self.web


def look_at(directory: Path, app: str | None, look: Callable[[InspectedApplication], T]) -> T:
    """Import the application of a folder, have a look at it, and end what its import has set up.

    What it prints or logs meanwhile goes to standard error.

    Args:
        directory: The folder; it is importable already.
        app: The import string; None to discover it.
        look: Called with the application; its result must not need it any more.

    Raises:
        ApplicationNotFoundError: Nothing tells which application to look at.
        Exception: Whatever the import raises, or ``look``.
    """
    with apart():
        application = import_application(
            app or discover_application(configuration_of(directory), directory), directory
        )
        return look(application)


def import_application(target: str, directory: Path) -> InspectedApplication:
    """Import what an import string names; see `apart`.

    Args:
        target: The import string.
        directory: The project's folder.

    Raises:
        ApplicationImportError: It leads nowhere.
        InspectionError: It leads to something that is no application.
        Exception: Whatever the import raises.
    """
    check_target(target, directory)
    try:
        found = load_object(target)
    except SystemExit as error:
        raise InspectionError(
            f"{target} ends the process when it is imported (exit code {error.code}).",
            "Let only `if __name__ == '__main__':` start anything.",
        ) from error

    return _application(target, found)


def configuration_of(directory: Path) -> Config:
    """Return the configuration of a folder, as its application would read it.

    Args:
        directory: The folder.

    Raises:
        ConfigurationError: A file is not as it must be.
    """
    # Origins are shown as the application shows them, which starts in its folder.
    return Config.from_sources(os.path.relpath(directory), arguments=settings_of(None))


@contextmanager
def apart() -> Iterator[None]:
    """Keep what an application prints off standard output, and take its logging down at the end."""
    with shared_reading(), redirect_stdout(sys.stderr):
        try:
            yield
        finally:
            release_logging()


def _application(target: str, found: Any) -> InspectedApplication:
    if isinstance(found, ApplicationContext):
        return InspectedApplication(target, found)

    if isinstance(found, type) and getattr(found, "__pyfly_application__", False):
        found = PyFlyApplication(found)

    if isinstance(found, PyFlyApplication):
        return InspectedApplication(target, found.context)

    web = found
    for _ in range(_MOST_LAYERS):
        state: Any = getattr(web, "state", None)
        if hasattr(state, "pyfly_context"):
            described = web if hasattr(web, "served_routes") else None
            return InspectedApplication(target, state.pyfly_context, described)

        # Middleware that was put around an application has it as `app`, by custom.
        web = getattr(web, "app", None)

    raise InspectionError(
        f"{target} is a {type(found).__name__}, which tells nothing about beans and routes.",
        "Name what create_app() returns, a PyFlyApplication, the class with @pyfly_application, or an"
        " ApplicationContext: --app package.module:attribute.",
    )

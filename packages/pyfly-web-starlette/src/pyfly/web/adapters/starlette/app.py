# SPDX-License-Identifier: Apache-2.0
"""The factory of web applications."""

from collections.abc import Sequence
from typing import Any, Final

from pyfly.context.application_context import ApplicationContext
from pyfly.web.adapters.starlette.application import PyFlyStarlette
from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.types import Lifespan

DEFAULT_MAX_BODY_SIZE: Final = 16 * 1024 * 1024


def create_app(
    title: str = "PyFly",
    version: str = "0.1.0",
    description: str = "",
    debug: bool = False,
    context: ApplicationContext | None = None,
    extra_routes: Sequence[BaseRoute] | None = None,
    lifespan: Lifespan[Any] | None = None,
    *,
    max_body_size: int = DEFAULT_MAX_BODY_SIZE,
) -> Starlette:
    """Build an ASGI application that serves the controllers of a context.

    Routes are compiled here, and again after the lifespan has started the context, so that beans which appear
    only then are served too. A bean that does not exist yet is created at its first request.

    Args:
        title: Name of the application.
        version: Its version.
        description: What it is for.
        debug: Show exceptions and tracebacks in answers to unexpected errors. Never in production.
        context: Where the controllers are; without one only ``extra_routes`` are served.
        extra_routes: Further routes of Starlette; where several match a path, the most specific one wins.
        lifespan: Starts and stops what the application needs, the context above all.
        max_body_size: The most bytes that a request body may have; a longer one is answered with 413.

    Returns:
        A Starlette application: middleware, mounts and exception handlers can be added as usual.

    Raises:
        RouteDefinitionError: A controller cannot be served; the error says which one, and how to mend it.
    """
    return PyFlyStarlette(
        title=title,
        version=version,
        description=description,
        debug=debug,
        context=context,
        extra_routes=extra_routes or (),
        lifespan=lifespan,
        max_body_size=max_body_size,
    )

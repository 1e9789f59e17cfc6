# SPDX-License-Identifier: Apache-2.0
"""The factory of web applications."""

from collections.abc import Sequence
from typing import Any

from pyfly.context.application_context import ApplicationContext
from pyfly.web.adapters.starlette.application import PyFlyStarlette
from pyfly.web.adapters.starlette.settings import HostSettings
from pyfly.web.cors import CORSConfig
from starlette.applications import Starlette
from starlette.routing import BaseRoute
from starlette.types import Lifespan


def create_app(
    title: str = "PyFly",
    version: str = "0.1.0",
    description: str = "",
    debug: bool | None = None,
    context: ApplicationContext | None = None,
    docs_enabled: bool | None = None,
    extra_routes: Sequence[BaseRoute] | None = None,
    actuator_enabled: bool | None = None,
    cors: CORSConfig | None = None,
    lifespan: Lifespan[Any] | None = None,
    *,
    max_body_size: int | None = None,
) -> Starlette:
    """Build an ASGI application that serves the controllers of a context.

    Routes are compiled here, and again after the lifespan has started the context, so that beans which appear
    only then are served too. A bean that does not exist yet is created at its first request.

    Args:
        title: Name of the application.
        version: Its version.
        description: What it is for.
        debug: Show exceptions and tracebacks in answers to unexpected errors, never in production; if not
            given, ``pyfly.web.debug`` decides.
        context: Where the controllers are; without one only ``extra_routes`` are served.
        docs_enabled: Serve ``/openapi.json``, ``/docs`` and ``/redoc``; if not given,
            ``pyfly.web.docs.enabled`` decides.
        extra_routes: Further routes of Starlette; where several match a path, the most specific one wins.
        actuator_enabled: Serve operational endpoints; if not given, ``pyfly.web.actuator.enabled`` decides.
        cors: What other origins may do; if not given, ``pyfly.web.cors`` decides.
        lifespan: Starts and stops what the application needs, the context above all.
        max_body_size: The most bytes that a request body may have, a longer one is answered with 413; if not
            given, ``pyfly.web.max-body-size`` decides.

    Returns:
        A Starlette application: middleware, mounts and exception handlers can be added as usual.

    Raises:
        BindingError: A setting of ``pyfly.web`` is wrong.
        ConfigurationError: Something is asked for that is not installed.
        RouteDefinitionError: A controller cannot be served; the error says which one, and how to mend it.
    """
    settings = HostSettings.of(
        context,
        title=title,
        version=version,
        description=description,
        debug=debug,
        docs_enabled=docs_enabled,
        actuator_enabled=actuator_enabled,
        cors=cors,
        max_body_size=max_body_size,
    )
    return PyFlyStarlette(context, settings, extra_routes or (), lifespan)

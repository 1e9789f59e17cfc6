# SPDX-License-Identifier: Apache-2.0
"""The Starlette application that serves controllers."""

from collections.abc import Sequence
from typing import Any

from pyfly.context.application_context import ApplicationContext
from pyfly.web.adapters.starlette.hosting import ControllerHost
from pyfly.web.adapters.starlette.settings import HostSettings
from starlette.routing import BaseRoute
from starlette.types import Lifespan


class PyFlyStarlette(ControllerHost):
    """A Starlette application with compiled controller routes in front of its router.

    Attributes:
        title: Name of the application.
        version: Its version.
        description: What it is for.
    """

    def __init__(
        self,
        context: ApplicationContext | None,
        settings: HostSettings,
        extra_routes: Sequence[BaseRoute],
        lifespan: Lifespan[Any] | None,
    ) -> None:
        super().__init__(debug=settings.debug, routes=extra_routes, lifespan=lifespan)
        self.title = settings.title
        self.version = settings.version
        self.description = settings.description
        self.host_controllers(context, settings, has_lifespan=lifespan is not None)

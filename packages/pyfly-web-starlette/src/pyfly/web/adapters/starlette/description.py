# SPDX-License-Identifier: Apache-2.0
"""What an application tells about its routes, worked out when somebody asks: few starts need it."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from pyfly.web.adapters.starlette.settings import HostSettings
from pyfly.web.adapters.starlette.wiring import Wiring
from pyfly.web.ports.openapi import OpenApiCustomizer
from starlette.datastructures import State


class RoutesDescription:
    """The endpoints of one state of an application, as data and as an OpenAPI document.

    Args:
        wiring: The compiled endpoints.
        settings: How they are served.
        customizers: Returns what changes the document, in order.
    """

    def __init__(
        self,
        wiring: Wiring,
        settings: HostSettings,
        customizers: Callable[[], list[OpenApiCustomizer]],
    ) -> None:
        self._wiring = wiring
        self._settings = settings
        self._customizers = customizers

    @cached_property
    def routes(self) -> list[Any]:
        """The `pyfly.web.openapi.RouteMetadata` of each endpoint, in the order of their declaration."""
        from pyfly.web.adapters.starlette.controller import metadata_of

        return list(metadata_of(self._wiring))

    def document(self) -> bytes:
        """Return the OpenAPI document, as JSON; takes a moment."""
        return self._build()

    @cached_property
    def _build(self) -> Callable[[], bytes]:
        from pyfly.web.openapi import document_builder

        settings = self._settings
        return document_builder(
            settings.title,
            settings.version,
            settings.description,
            self.routes,
            conversion=self._wiring.conversion,
            customizers=self._customizers(),
            base_path=settings.properties.base_path,
            problem_details=settings.properties.problem_details.enabled,
        )


class DescribedState(State):
    """The state of an application, of which ``pyfly_route_metadata`` is made when it is read.

    Args:
        state: What is in the state already.
        describe: Returns the description of the routes as they are now.
    """

    def __init__(self, state: State, describe: Callable[[], RoutesDescription]) -> None:
        super().__init__(state._state)
        object.__setattr__(self, "_describe", describe)

    def __getattr__(self, key: Any) -> Any:
        if key == "pyfly_route_metadata":
            return object.__getattribute__(self, "_describe")().routes

        return super().__getattr__(key)

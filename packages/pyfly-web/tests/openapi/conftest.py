# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable
from typing import Any

import pytest
from openapi_spec_validator import validate

from pyfly.web.binding import compile_parameters
from pyfly.web.endpoints import endpoints_of
from pyfly.web.openapi import OpenAPIGenerator, RouteMetadata, route_metadata


class ReadyMade:
    """Stands for the responses of an adapter."""


Describe = Callable[..., list[RouteMetadata]]


@pytest.fixture
def ready_made() -> type:
    """The class of ready-made responses."""
    return ReadyMade


@pytest.fixture
def describe() -> Describe:
    """Describe the endpoints of controllers."""

    def routes_of(*controllers: type) -> list[RouteMetadata]:
        return [
            route_metadata(
                endpoint,
                compile_parameters(endpoint.controller, endpoint.function, endpoint.template, {}),
                response_types=(ReadyMade,),
            )
            for controller in controllers
            for endpoint in endpoints_of(controller)
        ]

    return routes_of


@pytest.fixture
def document(describe: Describe) -> Callable[..., dict[str, Any]]:
    """Generate the document of controllers and routes, and check it against the OpenAPI specification."""

    def generate(*parts: type | RouteMetadata, **options: Any) -> dict[str, Any]:
        routes = [
            route
            for part in parts
            for route in ([part] if isinstance(part, RouteMetadata) else describe(part))
        ]
        generated = OpenAPIGenerator("Shop", "1.2.3", **options).generate(routes)
        validate(generated)
        return generated

    return generate

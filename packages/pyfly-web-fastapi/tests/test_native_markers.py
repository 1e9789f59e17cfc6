# SPDX-License-Identifier: Apache-2.0
from typing import Annotated, Any

import pytest
from fastapi import Depends, Path, Query
from fastapi.testclient import TestClient

from pyfly.container.stereotypes import rest_controller
from pyfly.web import PathVar, get_mapping
from pyfly.web.adapters.fastapi.app import create_app
from pyfly.web.errors import RouteDefinitionError


def user() -> str:
    return "ada"


@rest_controller
class WithDefault:
    @get_mapping("/a")
    async def get(self, name: str = Depends(user)) -> str:
        return name


@rest_controller
class WithAnnotation:
    @get_mapping("/a")
    async def get(self, page: Annotated[int, Query(ge=1)] = 1) -> int:
        return page


@rest_controller
class WithConstraint:
    @get_mapping("/a/{number}")
    async def get(self, number: PathVar[Annotated[int, Path(ge=1)]]) -> int:
        return number


@pytest.mark.parametrize(
    ("controller", "parameter", "marker"),
    [(WithDefault, "name", "Depends"), (WithAnnotation, "page", "Query")],
)
def test_marker_of_fastapi_stops_the_start(
    new_context: Any, controller: type, parameter: str, marker: str
) -> None:
    with pytest.raises(RouteDefinitionError) as caught:
        create_app(context=new_context(controller))

    assert caught.value.parameter == parameter
    assert f"{marker}() is a marker of FastAPI" in caught.value.description
    assert "in its constructor" in caught.value.action


def test_marker_of_fastapi_stops_the_start_of_a_lifespan(new_context: Any, lifespan_for: Any) -> None:
    context = new_context(WithDefault)
    app = create_app(context=context, lifespan=lifespan_for(context))

    with pytest.raises(RouteDefinitionError, match="Depends"), TestClient(app):
        pytest.fail("the application has started")


def test_constraints_of_fastapi_are_kept_inside_our_markers(new_context: Any) -> None:
    client = TestClient(create_app(context=new_context(WithConstraint)))

    assert client.get("/a/1").json() == 1
    assert client.get("/a/0").status_code == 422

# SPDX-License-Identifier: Apache-2.0
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Mount, Route
from starlette.testclient import TestClient

from pyfly.config.store import Config
from pyfly.context.application_context import ApplicationContext
from pyfly.kernel.exceptions import ConflictException
from pyfly.web import PathVar, controller, get_mapping, post_mapping, request_mapping, rest_controller
from pyfly.web.adapters.starlette.controller import ControllerRegistrar, RouteMetadata


@rest_controller
@request_mapping("/things")
class ThingController:
    made = 0

    def __init__(self) -> None:
        type(self).made += 1

    @get_mapping("/{name}")
    async def find(self, name: PathVar[str]) -> str:
        """Find a thing."""
        return name

    @post_mapping(status_code=201)
    async def create(self) -> None:
        raise ConflictException("It is there already", code="TAKEN")


@controller
class OldController:
    @get_mapping("/old")
    def old(self) -> int:
        return 1


class NoController:
    @get_mapping("/never")
    def never(self) -> int:
        return 0


@pytest.fixture
def context() -> ApplicationContext:
    ThingController.made = 0
    made = ApplicationContext(Config({"pyfly": {"web": {"base-path": "/api"}}}))
    for each in (ThingController, OldController, NoController):
        made.register_bean(each)

    return made


def test_routes_are_those_of_the_controllers(context: ApplicationContext) -> None:
    routes = ControllerRegistrar().collect_routes(context)

    assert all(isinstance(route, Route) for route in routes)
    assert [(route.path, sorted(route.methods or ())) for route in routes] == [
        ("/api/things/{name}", ["GET", "HEAD"]),
        ("/api/things", ["POST"]),
        ("/api/old", ["GET", "HEAD"]),
    ]


def test_metadata_is_that_of_the_controllers(context: ApplicationContext) -> None:
    routes = ControllerRegistrar().collect_route_metadata(context)

    assert all(isinstance(route, RouteMetadata) for route in routes)
    assert [(route.path, route.tag, route.summary) for route in routes] == [
        ("/api/things/{name}", "Thing", "Find a thing."),
        ("/api/things", "Thing", ""),
        ("/api/old", "Old", ""),
    ]


def test_collecting_creates_no_bean_and_needs_no_start(context: ApplicationContext) -> None:
    registrar = ControllerRegistrar()
    registrar.collect_routes(context)
    registrar.collect_route_metadata(context)

    assert ThingController.made == 0


@pytest.mark.parametrize("root", ["", "/mounted"])
def test_routes_serve_in_any_application(context: ApplicationContext, root: str) -> None:
    routes: list[Any] = ControllerRegistrar().collect_routes(context)
    app = Starlette(routes=[Mount(root, routes=routes)] if root else routes)
    client = TestClient(app)

    assert client.get(f"{root}/api/things/tea").json() == "tea"
    assert client.get(f"{root}/api/old").json() == 1
    assert client.get(f"{root}/api/things").status_code == 405
    assert ThingController.made == 1


def test_errors_are_answered(context: ApplicationContext) -> None:
    app = Starlette(routes=ControllerRegistrar().collect_routes(context))

    answer = TestClient(app).post("/api/things")

    assert answer.status_code == 409
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "TAKEN"

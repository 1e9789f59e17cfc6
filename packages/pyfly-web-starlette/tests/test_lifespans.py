# SPDX-License-Identifier: Apache-2.0
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.testclient import TestClient

from pyfly.config.store import Config
from pyfly.container.bean import bean
from pyfly.container.stereotypes import configuration, service
from pyfly.context.application_context import ApplicationContext
from pyfly.context.conditions import conditional_on_property
from pyfly.kernel import PyFlyException
from pyfly.web import get_mapping, post_mapping, rest_controller
from pyfly.web.adapters.starlette.app import create_app
from pyfly.web.converters import ExceptionConverter
from pyfly.web.errors import RouteDefinitionError


@service
class Greeter:
    def greet(self) -> str:
        return "hello"


class LoudGreeter(Greeter):
    def greet(self) -> str:
        return "HELLO"


@rest_controller
class Greeting:
    def __init__(self, greeter: Greeter) -> None:
        self.greeter = greeter

    @get_mapping("/greeting")
    async def greeting(self) -> str:
        return self.greeter.greet()

    @get_mapping("/state")
    async def state(self, request: Request) -> str:
        text: str = request.state.text
        return text


@rest_controller
class Late:
    @get_mapping("/late")
    async def late(self) -> str:
        return "late"


class Handmade:
    @get_mapping("/handmade")
    async def handmade(self) -> str:
        return "handmade"


Handmade.__pyfly_stereotype__ = "rest_controller"  # type: ignore[attr-defined]  # as a marker set by hand


@configuration
class HandmadeConfiguration:
    @bean
    def handmade(self) -> Handmade:
        return Handmade()


@rest_controller
@conditional_on_property("variant", "one")
class One:
    @get_mapping("/variant")
    async def variant(self) -> str:
        return "one"


@rest_controller
@conditional_on_property("variant", "two")
class Two:
    @get_mapping("/variant")
    async def variant(self) -> str:
        return "two"


class Broken(ValueError):
    pass


@service
class BrokenConverter(ExceptionConverter):
    def can_handle(self, exc: Exception) -> bool:
        return isinstance(exc, Broken)

    def convert(self, exc: Exception) -> PyFlyException:
        return PyFlyException("translated", code="BROKEN")


@rest_controller
class Breaking:
    @post_mapping("/break")
    async def break_it(self) -> None:
        raise Broken


def test_unstarted_context_is_started_by_the_lifespan(serve: Any) -> None:
    with serve(Greeter, Greeting) as client:
        assert client.get("/greeting").json() == "hello"


async def test_started_context_needs_no_lifespan(new_context: Any) -> None:
    context = new_context(Greeter, Greeting)
    await context.start()

    assert TestClient(create_app(context=context)).get("/greeting").json() == "hello"
    await context.stop()


def test_unstarted_context_without_lifespan_makes_beans_at_their_first_request(new_context: Any) -> None:
    client = TestClient(create_app(context=new_context(Greeter, Greeting)))

    assert client.get("/greeting").json() == "hello"


def test_creating_the_application_makes_no_bean(new_context: Any) -> None:
    context = new_context(Greeter, Greeting, BrokenConverter)
    before = context.bean_count

    create_app(context=context)

    assert context.bean_count == before


def test_controller_of_a_bean_method_is_served(serve: Any) -> None:
    with serve(HandmadeConfiguration) as client:
        assert client.get("/handmade").json() == "handmade"


def test_controllers_that_exclude_each_other_by_condition_do_not_conflict(lifespan_for: Any) -> None:
    context = ApplicationContext(Config({"variant": "two"}))
    context.register_bean(One)
    context.register_bean(Two)

    with TestClient(create_app(context=context, lifespan=lifespan_for(context))) as client:
        assert client.get("/variant").json() == "two"


def test_conflict_that_remains_stops_the_start(new_context: Any, lifespan_for: Any) -> None:
    @rest_controller
    class AlsoLate:
        @get_mapping("/late")
        async def late(self) -> str:
            return "too late"

    context = new_context(Late, AlsoLate)
    client = TestClient(create_app(context=context, lifespan=lifespan_for(context)))

    with pytest.raises(RouteDefinitionError, match="GET /late is served by"), client:
        pytest.fail("the application has started")


async def test_routes_can_be_installed_by_hand(new_context: Any) -> None:
    context = new_context(Greeter)
    app = create_app(context=context)
    context.register_bean(Late)
    await context.start()

    app.state.pyfly_install_dynamic_wiring()
    app.state.pyfly_install_dynamic_wiring()

    assert TestClient(app).get("/late").json() == "late"
    assert len([route for route in app.routes if getattr(route, "path", "") == "/late"]) == 1
    await context.stop()


def test_state_of_the_lifespan_reaches_handlers(new_context: Any) -> None:
    context = new_context(Greeter, Greeting)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[dict[str, str]]:
        await context.start()
        yield {"text": "from the lifespan"}
        await context.stop()

    with TestClient(create_app(context=context, lifespan=lifespan)) as client:
        assert client.get("/state").json() == "from the lifespan"


def test_failure_of_the_lifespan_is_passed_on() -> None:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        raise LookupError("no database")
        yield

    client = TestClient(create_app(lifespan=lifespan))

    with pytest.raises(LookupError, match="no database"), client:
        pytest.fail("the application has started")


def test_request_before_the_lifespan_is_served_and_logged_once(
    new_context: Any, lifespan_for: Any, caplog: pytest.LogCaptureFixture
) -> None:
    context = new_context(Greeter, Greeting)
    client = TestClient(create_app(title="shop", context=context, lifespan=lifespan_for(context)))

    assert client.get("/greeting").json() == "hello"
    assert client.get("/greeting").json() == "hello"
    errors = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert errors == [
        "A request came before the lifespan of 'shop' has started its context: let the server run it."
        " Below another application, mount it with pyfly.web.adapters.starlette.mounting.mount()."
    ]


def test_overridden_bean_is_seen_by_a_running_application(new_context: Any, lifespan_for: Any) -> None:
    context = new_context(Greeter, Greeting)
    with TestClient(create_app(context=context, lifespan=lifespan_for(context))) as client:
        assert client.get("/greeting").json() == "hello"
        with context.container.override({Greeter: LoudGreeter()}):
            assert client.get("/greeting").json() == "HELLO"

        assert client.get("/greeting").json() == "hello"


def test_converter_bean_translates(serve: Any) -> None:
    with serve(BrokenConverter, Breaking) as client:
        response = client.post("/break")

    assert (response.status_code, response.json()["code"]) == (500, "BROKEN")


def test_facts_of_the_application_are_kept() -> None:
    app = create_app(title="Shop", version="1.2.0", description="Sells tea")

    assert (getattr(app, "title"), getattr(app, "version"), getattr(app, "description")) == (  # noqa: B009
        "Shop",
        "1.2.0",
        "Sells tea",
    )

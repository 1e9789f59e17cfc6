# SPDX-License-Identifier: Apache-2.0
"""What an application tells about itself before it starts."""

import json
from collections.abc import AsyncIterator
from typing import Any

from pyfly.config.store import Config
from pyfly.container.bean import bean
from pyfly.container.stereotypes import component, configuration, rest_controller, service
from pyfly.context.conditions import conditional_on_property
from pyfly.context.lifecycle import post_construct
from pyfly.web.mappings import get_mapping, request_mapping
from pyfly.web.params import PathVar
from pyfly.web.ports.described import DescribedApplication
from pyfly.web.ports.openapi import OpenApiCustomizer
from pyfly.web.sse.decorators import sse_mapping
from pyfly.web.testing.adapter_hooks import AdapterHooks

made: list[str] = []


@service
class Shelf:
    def __init__(self) -> None:
        made.append("shelf")


@rest_controller
@request_mapping("/teas")
class TeaController:
    def __init__(self, shelf: Shelf) -> None:
        made.append("controller")

    @get_mapping("/{tea_id:int}", produces="text/csv")
    async def find(self, tea_id: PathVar[int]) -> str:
        return "green"

    @sse_mapping("/events")
    async def events(self) -> AsyncIterator[str]:
        yield "sold"


@rest_controller
@conditional_on_property("shop.closed")
class ClosedController:
    @get_mapping("/closed")
    async def closed(self) -> str:
        return "closed"


@component
class ContactCustomizer(OpenApiCustomizer):
    def __init__(self, config: Config) -> None:
        self._contact = config.get("shop.contact", "nobody")

    def customize(self, document: dict[str, Any]) -> None:
        document["info"]["contact"] = {"name": self._contact}


@configuration
class VersionConfiguration:
    @bean
    def version_customizer(self) -> OpenApiCustomizer:
        return VersionCustomizer()


class VersionCustomizer(OpenApiCustomizer):
    def customize(self, document: dict[str, Any]) -> None:
        document["info"]["version"] = "7"


@component
class ShelfCustomizer(OpenApiCustomizer):
    def __init__(self, shelf: Shelf) -> None: ...

    def customize(self, document: dict[str, Any]) -> None:
        document["info"]["title"] = "The shelf"


@component
class OpeningCustomizer(OpenApiCustomizer):
    @post_construct
    def open(self) -> None:
        made.append("opening")

    def customize(self, document: dict[str, Any]) -> None:
        document["info"]["title"] = "Open"


class InspectionContract(AdapterHooks):
    """An application that is prepared tells its routes and its document, and makes no bean for that."""

    def inspected(self, *beans: type, **options: Any) -> Any:
        """Return an application with a context that is prepared."""
        made.clear()
        context = self.context_of(*beans, config=options.pop("config", None))
        app: Any = self.create_app(context=context, lifespan=self.lifespan_of(context), **options)
        context.prepare()
        app.state.pyfly_install_dynamic_wiring()
        return app

    async def test_application_can_be_looked_at(self) -> None:
        assert isinstance(self.create_app(), DescribedApplication)

    async def test_application_knows_its_context(self) -> None:
        context = self.context_of()
        with_context: Any = self.create_app(context=context)
        without: Any = self.create_app()

        assert with_context.state.pyfly_context is context
        assert without.state.pyfly_context is None

    async def test_routes_of_controllers_tell_what_serves_them(self) -> None:
        routes = self.inspected(Shelf, TeaController, docs_enabled=False).served_routes()

        assert [(it.kind, it.methods, it.path, it.handler, it.produces) for it in routes] == [
            ("http", ("GET",), "/teas/{tea_id:int}", "TeaController#find", ("text/csv",)),
            ("sse", ("GET",), "/teas/events", "TeaController#events", ("text/event-stream",)),
        ]
        assert {it.class_name for it in routes} == {f"{__name__}.TeaController"}
        assert made == []

    async def test_routes_of_others_are_told_too(self) -> None:
        route = self.native_route("/native", lambda: None, method="POST")
        routes = {it.path: it for it in self.inspected(extra_routes=[route]).served_routes()}

        assert (routes["/native"].kind, routes["/native"].methods) == ("http", ("POST",))
        assert routes["/native"].handler_name == "endpoint"
        assert {"/openapi.json", "/docs", "/redoc"} <= routes.keys()

    async def test_what_conditions_drop_has_no_routes(self) -> None:
        routes = self.inspected(ClosedController, docs_enabled=False).served_routes()

        assert routes == []

    async def test_document_is_the_one_that_is_served(self) -> None:
        beans = (Shelf, TeaController, ContactCustomizer, VersionConfiguration)
        options: dict[str, Any] = {"title": "Shop", "config": {"shop.contact": "Ada"}}
        app = self.inspected(*beans, **options)

        left_out = app.make_document_beans()
        document = json.loads(app.build_document())

        assert left_out == []
        assert made == []
        assert document["info"]["contact"] == {"name": "Ada"}
        async with self.serving(*beans, **options) as client:
            assert (await client.get("/openapi.json")).json() == document

    async def test_what_needs_more_than_settings_has_no_say(self) -> None:
        app = self.inspected(Shelf, ShelfCustomizer, OpeningCustomizer, title="Shop")

        left_out = app.make_document_beans()

        assert left_out == ["ShelfCustomizer", "OpeningCustomizer"]
        assert json.loads(app.build_document())["info"]["title"] == "Shop"
        assert made == []

    async def test_document_needs_no_context(self) -> None:
        app: Any = self.create_app(title="Shop")

        assert app.make_document_beans() == []
        assert json.loads(app.build_document())["info"]["title"] == "Shop"

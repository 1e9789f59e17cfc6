# SPDX-License-Identifier: Apache-2.0
"""Start and stop of an application, with its context."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from pyfly.container.stereotypes import rest_controller, service
from pyfly.context.conditions import conditional_on_property
from pyfly.context.lifecycle import post_construct, pre_destroy
from pyfly.web.errors import RouteDefinitionError
from pyfly.web.mappings import get_mapping
from pyfly.web.testing.adapter_hooks import AdapterHooks
from pyfly.web.testing.asgi_client import AsgiClient
from pyfly.web.testing.asgi_lifespan import lifespan_failure, running


class Journal:
    def __init__(self) -> None:
        self.entries: list[str] = []


@service
class Store:
    journal = Journal()

    @post_construct
    async def open(self) -> None:
        self.journal.entries.append("opened")

    @pre_destroy
    async def close(self) -> None:
        self.journal.entries.append("closed")


@rest_controller
class StoreController:
    def __init__(self, store: Store) -> None:
        self.store = store

    @get_mapping("/entries")
    async def entries(self) -> list[str]:
        return self.store.journal.entries


@rest_controller
@conditional_on_property("variant", "one")
class First:
    @get_mapping("/variant")
    async def variant(self) -> str:
        return "one"


@rest_controller
@conditional_on_property("variant", "two")
class Second:
    @get_mapping("/variant")
    async def variant(self) -> str:
        return "two"


@rest_controller
class Late:
    @get_mapping("/late")
    async def late(self) -> str:
        return "late"


@rest_controller
class AlsoLate:
    @get_mapping("/late")
    async def late(self) -> str:
        return "too late"


@service
class Refusing:
    @post_construct
    async def refuse(self) -> None:
        raise LookupError("no database")


class LifespanContract(AdapterHooks):
    """The lifespan starts the context before the first request, and stops it after the last."""

    async def test_beans_live_from_start_to_stop(self) -> None:
        Store.journal.entries.clear()
        async with self.serving(Store, StoreController) as client:
            answer = await client.get("/entries")

        assert answer.json() == ["opened"]
        assert Store.journal.entries == ["opened", "closed"]

    async def test_started_context_needs_no_lifespan(self) -> None:
        Store.journal.entries.clear()
        context = self.context_of(Store, StoreController)
        await context.start()
        try:
            answer = await AsgiClient(self.create_app(context=context)).get("/entries")
        finally:
            await context.stop()

        assert answer.json() == ["opened"]

    async def test_unstarted_context_makes_beans_at_their_first_request(self) -> None:
        client = AsgiClient(self.create_app(context=self.context_of(Late)))

        assert (await client.get("/late")).json() == "late"

    async def test_making_the_application_makes_no_bean(self) -> None:
        context = self.context_of(Store, StoreController)
        before = context.bean_count

        self.create_app(context=context, lifespan=self.lifespan_of(context))

        assert context.bean_count == before

    async def test_failure_of_the_context_is_told_to_the_server(self) -> None:
        context = self.context_of(Refusing)
        app = self.create_app(context=context, lifespan=self.lifespan_of(context))

        failure = await lifespan_failure(app)

        assert "no database" in failure.message

    async def test_failure_of_the_stop_is_told_to_the_server(self) -> None:
        @asynccontextmanager
        async def lifespan(app: Any) -> AsyncIterator[None]:
            yield
            raise LookupError("the door is stuck")

        failure = await lifespan_failure(self.create_app(lifespan=lifespan))

        assert "the door is stuck" in failure.message

    async def test_conditions_choose_between_controllers_of_one_path(self) -> None:
        async with self.serving(First, Second, config={"variant": "two"}) as client:
            assert (await client.get("/variant")).json() == "two"

    async def test_conflict_that_remains_stops_the_start(self) -> None:
        context = self.context_of(Late, AlsoLate)
        app = self.create_app(context=context, lifespan=self.lifespan_of(context))

        failure = await lifespan_failure(app)

        assert isinstance(failure.__cause__, RouteDefinitionError)

    async def test_routes_can_be_installed_by_hand(self) -> None:
        context = self.context_of()
        app: Any = self.create_app(context=context)
        context.register_bean(Late)
        await context.start()
        app.state.pyfly_install_dynamic_wiring()
        app.state.pyfly_install_dynamic_wiring()
        try:
            answer = await AsgiClient(app).get("/late")
        finally:
            await context.stop()

        assert answer.json() == "late"

    async def test_application_is_what_the_lifespan_gets(self) -> None:
        seen: list[Any] = []

        @asynccontextmanager
        async def lifespan(app: Any) -> AsyncIterator[None]:
            seen.append(app)
            yield

        app = self.create_app(lifespan=lifespan)
        async with running(app):
            assert seen == [app]

    async def test_facts_of_the_application_are_kept(self) -> None:
        app: Any = self.create_app(title="Shop", version="1.2.0", description="Sells tea")

        assert (app.title, app.version, app.description) == ("Shop", "1.2.0", "Sells tea")

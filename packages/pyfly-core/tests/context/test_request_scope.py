# SPDX-License-Identifier: Apache-2.0
import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from pyfly.config.store import Config
from pyfly.container import Container, Provider, Scope, bean, configuration, service
from pyfly.context import ApplicationContext, RequestContext, post_construct, pre_destroy
from pyfly.context.request_context import HTTP_SESSION_KEY


@service(scope=Scope.REQUEST)
class Cart: ...


class Session:
    """A session as the scope needs it."""

    def __init__(self) -> None:
        self.attributes: dict[str, Any] = {}

    def get_attribute(self, name: str) -> Any:
        return self.attributes.get(name)

    def set_attribute(self, name: str, value: Any) -> None:
        self.attributes[name] = value


@pytest.fixture
def container() -> Container:
    container = Container()
    container.register(Cart)
    return container


class TestRequestScope:
    def test_needs_a_request(self, container: Container) -> None:
        with pytest.raises(RuntimeError, match="No active request context"):
            container.resolve(Cart)

    def test_one_per_request(self, container: Container) -> None:
        with RequestContext.scope():
            first = container.resolve(Cart)
            again = container.resolve(Cart)

        with RequestContext.scope():
            other = container.resolve(Cart)

        assert first is again
        assert first is not other

    def test_init_and_clear_delimit_a_request(self, container: Container) -> None:
        RequestContext.init()
        first = container.resolve(Cart)
        RequestContext.clear()

        with pytest.raises(RuntimeError, match="No active request context"):
            container.resolve(Cart)

        RequestContext.init()
        assert container.resolve(Cart) is not first
        RequestContext.clear()

    def test_parts_of_one_request_share_it(self, container: Container) -> None:
        @service(scope=Scope.REQUEST)
        class Checkout:
            def __init__(self, cart: Cart) -> None:
                self.cart = cart

        container.register(Checkout)

        with RequestContext.scope():
            assert container.resolve(Checkout).cart is container.resolve(Cart)

    async def test_tasks_have_requests_of_their_own(self, container: Container) -> None:
        async def handle() -> Cart:
            async with RequestContext.scope():
                cart = container.resolve(Cart)
                await asyncio.sleep(0)
                assert container.resolve(Cart) is cart
                return cart

        carts = await asyncio.gather(*(handle() for _ in range(5)))

        assert len({id(cart) for cart in carts}) == 5

    def test_provider_in_a_singleton_finds_the_current_request(self, container: Container) -> None:
        class Checkout:
            def __init__(self, cart: Provider[Cart]) -> None:
                self.cart = cart

        container.register(Checkout)
        checkout = container.resolve(Checkout)

        with RequestContext.scope():
            assert checkout.cart.get() is container.resolve(Cart)

    async def test_asynchronous_resolves_of_one_request_make_one_bean(self, container: Container) -> None:
        made: list[object] = []

        @configuration
        class Setup:
            @bean(scope=Scope.REQUEST)
            async def connection(self) -> Session:
                await asyncio.sleep(0)
                made.append(1)
                return Session()

        context = ApplicationContext(Config({}))
        context.register_bean(Setup)
        await context.start()

        async with RequestContext.scope():
            found = await asyncio.gather(*(context.aget_bean(Session) for _ in range(5)))

        await context.stop()
        assert made == [1]
        assert len({id(session) for session in found}) == 1


class TestSessionScope:
    @pytest.fixture
    def preferences(self, container: Container) -> type:
        @service(scope=Scope.SESSION)
        class Preferences: ...

        container.register(Preferences)
        return Preferences

    def test_needs_a_request(self, container: Container, preferences: type) -> None:
        with pytest.raises(RuntimeError, match="No active request context"):
            container.resolve(preferences)

    def test_needs_a_session(self, container: Container, preferences: type) -> None:
        with RequestContext.scope(), pytest.raises(RuntimeError, match="No HTTP session"):
            container.resolve(preferences)

    def test_one_per_session_over_several_requests(self, container: Container, preferences: type) -> None:
        session = Session()
        found: list[object] = []
        for current in (session, session, Session()):
            with RequestContext.scope() as request:
                request.set(HTTP_SESSION_KEY, current)
                found.append(container.resolve(preferences))

        assert found[0] is found[1]
        assert found[0] is not found[2]
        assert list(session.attributes.values()) == [found[0]]


class TestLifeOfARequestBean:
    async def context_of(self, *classes: type) -> ApplicationContext:
        context = ApplicationContext(Config({}))
        for cls in classes:
            context.register_bean(cls)

        await context.start()
        return context

    async def test_hooks_run_in_each_request_in_reverse_at_its_end(self) -> None:
        steps: list[str] = []

        @service(scope=Scope.REQUEST)
        class Connection:
            @post_construct
            async def open(self) -> None:
                steps.append("open connection")

            @pre_destroy
            async def close(self) -> None:
                steps.append("close connection")

        @service(scope=Scope.REQUEST)
        class Transaction:
            def __init__(self, connection: Connection) -> None: ...

            @post_construct
            def begin(self) -> None:
                steps.append("begin")

            @pre_destroy
            def end(self) -> None:
                steps.append("end")

        context = await self.context_of(Connection, Transaction)
        assert steps == []

        async with RequestContext.scope():
            await context.aget_bean(Transaction)
            await context.aget_bean(Transaction)

        await context.stop()
        assert steps == ["open connection", "begin", "end", "close connection"]

    async def test_generator_factories_clean_up_at_the_end_of_the_request(self) -> None:
        steps: list[str] = []

        class Connection: ...

        class Channel: ...

        @configuration
        class Setup:
            @bean(scope=Scope.REQUEST)
            async def connection(self) -> AsyncIterator[Connection]:
                steps.append("connect")
                yield Connection()
                steps.append("disconnect")

            @bean(scope=Scope.REQUEST)
            def channel(self, connection: Connection) -> Iterator[Channel]:
                steps.append("open")
                yield Channel()
                steps.append("close")

        context = await self.context_of(Setup)
        for _ in range(2):
            async with RequestContext.scope():
                await context.aget_bean(Channel)

        await context.stop()
        assert steps == ["connect", "open", "close", "disconnect"] * 2

    async def test_synchronous_end_refuses_asynchronous_clean_up(self) -> None:
        @service(scope=Scope.REQUEST)
        class Connection:
            @pre_destroy
            async def close(self) -> None: ...

        context = await self.context_of(Connection)

        with pytest.raises(RuntimeError, match="async with"), RequestContext.scope():
            context.get_bean(Connection)

        await context.stop()

    async def test_one_failing_end_does_not_keep_the_others(self, caplog: pytest.LogCaptureFixture) -> None:
        steps: list[str] = []

        @service(scope=Scope.REQUEST)
        class First:
            @pre_destroy
            def end(self) -> None:
                steps.append("first")

        @service(scope=Scope.REQUEST)
        class Second:
            @pre_destroy
            def end(self) -> None:
                raise OSError("gone")

        context = await self.context_of(First, Second)
        async with RequestContext.scope():
            context.get_bean(First)
            context.get_bean(Second)

        await context.stop()
        assert steps == ["first"]
        assert "pre_destroy_failed" in caplog.text


class TestRequestContext:
    def test_scope_restores_the_outer_request(self) -> None:
        with RequestContext.scope("outer"):
            with RequestContext.scope("inner") as inner:
                assert RequestContext.current() is inner
                assert inner.request_id == "inner"

            current = RequestContext.current()
            assert current is not None
            assert current.request_id == "outer"

        assert RequestContext.current() is None

    def test_init_always_makes_a_fresh_one(self) -> None:
        first = RequestContext.init("a")
        second = RequestContext.init("b")

        assert first is not second
        assert RequestContext.current() is second
        RequestContext.clear()
        RequestContext.clear()
        assert RequestContext.current() is None

    def test_default_id_is_32_hexadecimal_digits_and_stays(self) -> None:
        context = RequestContext()

        assert len(bytes.fromhex(context.request_id)) == 16
        assert context.request_id == context.request_id

    def test_attributes(self) -> None:
        context = RequestContext()
        context.set("tenant", "acme")

        assert context.get("tenant") == "acme"
        assert context.get("other") is None
        assert context.get("other", 3) == 3

    def test_security_context_is_read_and_written(self) -> None:
        context = RequestContext()
        assert context.security_context is None

        context.security_context = principal = object()

        assert context.security_context is principal

    async def test_tasks_are_isolated(self) -> None:
        async def handle(name: str) -> str:
            RequestContext.init(name)
            await asyncio.sleep(0)
            current = RequestContext.current()
            assert current is not None
            return current.request_id

        assert await asyncio.gather(handle("a"), handle("b")) == ["a", "b"]
        assert RequestContext.current() is None

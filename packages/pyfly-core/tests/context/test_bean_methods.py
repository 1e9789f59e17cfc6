# SPDX-License-Identifier: Apache-2.0
import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

import pytest

from pyfly.config.binding import config_properties
from pyfly.config.store import Config
from pyfly.config.value import Value
from pyfly.container import (
    Autowired,
    BeanCreationException,
    NoSuchBeanError,
    NoUniqueBeanError,
    Qualifier,
    Scope,
    bean,
    configuration,
    lazy,
    order,
    service,
)
from pyfly.context import (
    ApplicationContext,
    conditional_on_class,
    conditional_on_missing_bean,
    post_construct,
    pre_destroy,
)

Start = Callable[..., Awaitable[ApplicationContext]]


class Port(Protocol):
    """A port with several adapters."""


class Red(Port): ...


class Blue(Port): ...


class TestConfigurationClass:
    async def test_is_a_bean_with_constructor_injection(self, start: Start) -> None:
        @service
        class Settings: ...

        @configuration
        class Setup:
            def __init__(self, settings: Settings) -> None:
                self.settings = settings

            @bean
            def port(self) -> Port:
                return Red()

        context = await start(Settings, Setup)

        assert context.get_bean(Setup).settings is context.get_bean(Settings)

    async def test_properties_are_never_evaluated(self, start: Start) -> None:
        @configuration
        class Setup:
            @property
            def trap(self) -> str:
                raise AssertionError("evaluated")

            @bean
            def port(self) -> Port:
                return Red()

        context = await start(Setup)

        assert isinstance(context.get_bean(Port), Red)

    async def test_static_and_class_methods_make_beans(self, start: Start) -> None:
        @configuration
        class Setup:
            @staticmethod
            @bean
            def red() -> Red:
                return Red()

            @classmethod
            @bean
            def blue(cls, red: Red) -> Blue:
                return Blue()

        context = await start(Setup)

        assert isinstance(context.get_bean_by_name("red"), Red)
        assert isinstance(context.get_bean_by_name("blue"), Blue)


class TestProduct:
    async def test_declared_type_concrete_type_and_name_give_one_object(self, start: Start) -> None:
        @configuration
        class Setup:
            @bean
            def colour(self) -> Port:
                return Red()

        context = await start(Setup)
        red = context.get_bean(Port)

        assert context.get_bean(Red) is red
        assert context.get_bean_by_name("colour") is red
        assert context.get_beans_of_type(Port) == [red]

    async def test_concrete_type_is_found_while_beans_are_still_made(self, start: Start) -> None:
        @service
        class Early:
            def __init__(self, red: Red) -> None:
                self.red = red

        @configuration
        class Setup:
            @bean
            def colour(self) -> Port:
                return Red()

        context = await start(Early, Setup)

        assert context.get_bean(Early).red is context.get_bean(Port)

    async def test_optional_product_may_be_none(self, start: Start) -> None:
        @configuration
        class Setup:
            @bean
            def red(self) -> Red | None:
                return None

            @bean
            def blue(self) -> Blue | None:
                return Blue()

        @service
        class Holder:
            def __init__(self, red: Red | None, blue: Blue | None, all_: list[Port]) -> None:
                self.all = (red, blue, all_)

        context = await start(Setup, Holder)

        blue = context.get_bean(Blue)
        assert context.get_bean(Holder).all == (None, blue, [blue])
        with pytest.raises(NoSuchBeanError):
            context.get_bean(Red)

    async def test_none_from_a_method_that_promises_a_bean(self, start: Start) -> None:
        @configuration
        class Setup:
            @bean
            def red(self) -> Red:
                return None  # type: ignore[return-value]

        with pytest.raises(BeanCreationException, match=r"Setup\.red\(\).*None"):
            await start(Setup)

    async def test_union_registers_its_classes(self, start: Start) -> None:
        @configuration
        class Setup:
            @bean
            def colour(self) -> Red | Blue:
                return Blue()

        context = await start(Setup)

        assert context.get_bean(Red) is context.get_bean(Blue)  # type: ignore[comparison-overlap]

    async def test_without_return_annotation_is_no_bean_and_says_so(
        self, start: Start, caplog: pytest.LogCaptureFixture
    ) -> None:
        @configuration
        class Setup:
            @bean
            def colour(self):  # type: ignore[no-untyped-def]
                raise AssertionError("called")

        with caplog.at_level(logging.WARNING):
            context = await start(Setup)

        assert not context.contains_bean("colour")
        record = next(it for it in caplog.records if it.message == "bean_method_without_return_type")
        assert record.bean == "Setup.colour()"  # type: ignore[attr-defined]

    @pytest.mark.parametrize("scope", list(Scope)[:2])
    async def test_its_fields_are_filled_in_every_scope(self, start: Start, scope: Scope) -> None:
        class Product:
            red: Red = Autowired()
            limit: int = Value("${shop.limit}")

        @configuration
        class Setup:
            @bean(scope=scope)
            def product(self) -> Product:
                return Product()

            @bean
            def red(self) -> Red:
                return Red()

        context = await start(Setup, config={"shop": {"limit": "3"}})

        product = context.get_bean(Product)
        assert product.red is context.get_bean(Red)
        assert product.limit == 3


class TestSeveralOfOneType:
    async def test_of_one_class_all_are_reachable_but_not_by_type(self, start: Start) -> None:
        class Pool:
            def __init__(self, url: str = "") -> None:
                self.url = url

        @configuration
        class Setup:
            @bean
            def main(self) -> Pool:
                return Pool("main")

            @bean
            def report(self) -> Pool:
                return Pool("report")

        @service
        class Holder:
            def __init__(
                self,
                report: Pool,
                named: Annotated[Pool, Qualifier("main")],
                listed: list[Pool],
                by_name: dict[str, Pool],
            ) -> None:
                self.all = (report.url, named.url, [it.url for it in listed], list(by_name))

        context = await start(Setup, Holder)

        assert context.get_bean(Holder).all == ("report", "main", ["main", "report"], ["main", "report"])
        with pytest.raises(NoUniqueBeanError):
            context.get_bean(Pool)

    async def test_primary_wins_wherever_it_stands(self, start: Start) -> None:
        @configuration
        class Setup:
            @bean(primary=True)
            def first(self) -> Port:
                return Red()

            @bean
            def second(self) -> Port:
                return Red()

        context = await start(Setup)

        assert context.get_bean(Port) is context.get_bean_by_name("first")
        assert context.get_bean(Red) is context.get_bean_by_name("first")

    async def test_concrete_class_that_two_ports_turned_out_to_be_is_ambiguous(self, start: Start) -> None:
        @configuration
        class Setup:
            @bean
            def first(self) -> Port:
                return Red()

            @bean
            def second(self) -> Port:
                return Red()

        context = await start(Setup)

        with pytest.raises(NoUniqueBeanError):
            context.get_bean(Red)

    async def test_each_gets_its_whole_life(self, start: Start) -> None:
        steps: list[str] = []

        class Pool:
            def __init__(self, name: str = "") -> None:
                self.name = name

            @post_construct
            def begin(self) -> None:
                steps.append(f"begin {self.name}")

            async def start(self) -> None:
                steps.append(f"start {self.name}")

            async def stop(self) -> None:
                steps.append(f"stop {self.name}")

            @pre_destroy
            def end(self) -> None:
                steps.append(f"end {self.name}")

        @configuration
        class Setup:
            @bean
            def one(self) -> Pool:
                return Pool("1")

            @bean
            def two(self) -> Pool:
                return Pool("2")

        context = await start(Setup)
        await context.stop()

        assert steps == ["begin 1", "start 1", "begin 2", "start 2", "end 2", "stop 2", "end 1", "stop 1"]

    async def test_one_may_wrap_the_other(self, start: Start) -> None:
        class Client:
            def __init__(self, inner: "Client | None" = None) -> None:
                self.inner = inner

        @configuration
        class Setup:
            @bean
            def plain(self) -> Client:
                return Client()

            @bean(primary=True)
            def retrying(self, client: Client) -> Client:
                return Client(client)

        context = await start(Setup)

        assert context.get_bean(Client).inner is context.get_bean_by_name("plain")


class TestParameters:
    async def test_every_form_works(self, start: Start) -> None:
        class Target:
            def __init__(self, *parts: Any) -> None:
                self.parts = parts

        @configuration
        class Setup:
            @bean
            def target(
                self,
                named: Annotated[Port, Qualifier("red")],
                all_: list[Port],
                missing: Blue | None,
                limit: Annotated[int, Value("${shop.limit}")],
                text: str = "kept",
            ) -> Target:
                return Target(named, all_, missing, limit, text)

            @bean
            def red(self) -> Red:
                return Red()

        context = await start(Setup, config={"shop": {"limit": "3"}})

        red = context.get_bean(Red)
        assert context.get_bean(Target).parts == (red, [red], None, 3, "kept")

    async def test_missing_one_names_the_method(self, start: Start) -> None:
        @configuration
        class Setup:
            @bean
            def red(self, blue: Blue) -> Red:
                return Red()

        with pytest.raises(NoSuchBeanError) as caught:
            await start(Setup)

        assert caught.value.required_by == "Setup.red()"
        assert caught.value.parameter == "blue"

    async def test_bound_properties_are_injected(self, start: Start) -> None:
        @config_properties(prefix="shop")
        @dataclass
        class ShopProperties:
            limit: int = 1

        class Shop:
            def __init__(self, limit: int = 0) -> None:
                self.limit = limit

        @configuration
        class Setup:
            @bean
            def shop(self, settings: ShopProperties) -> Shop:
                return Shop(settings.limit)

        context = await start(Setup, ShopProperties, config={"shop": {"limit": 9}})

        assert context.get_bean(Shop).limit == 9

    async def test_beans_of_a_later_configuration_are_found(self, start: Start) -> None:
        class Target:
            def __init__(self, *parts: Any) -> None:
                self.parts = parts

        @configuration
        class Early:
            @bean
            def target(self, one: Red, optional: Blue | None, many: list[Port]) -> Target:
                return Target(one, optional, many)

        @configuration
        class Late:
            @bean
            def red(self) -> Red:
                return Red()

            @bean
            def blue(self) -> Blue:
                return Blue()

        context = await start(Early, Late)

        red, blue = context.get_bean(Red), context.get_bean(Blue)
        assert context.get_bean(Target).parts == (red, blue, [red, blue])


class TestOrder:
    async def test_methods_count_in_order_of_definition_base_class_first(self, start: Start) -> None:
        made: list[str] = []

        class Green: ...

        class Base:
            @bean
            def zebra(self) -> Red:
                made.append("zebra")
                return Red()

        @configuration
        class Setup(Base):
            @bean
            def yak(self) -> Blue:
                made.append("yak")
                return Blue()

            @bean
            def ant(self) -> Green:
                made.append("ant")
                return Green()

        await start(Setup)

        assert made == ["zebra", "yak", "ant"]

    async def test_missing_bean_conditions_cascade(self, start: Start) -> None:
        @configuration
        class Setup:
            @bean
            @conditional_on_class("no_such_module")
            @conditional_on_missing_bean(Port)
            def unavailable(self) -> Port:
                raise AssertionError("called")

            @bean
            @conditional_on_missing_bean(Port)
            def red(self) -> Port:
                return Red()

            @bean
            @conditional_on_missing_bean(Port)
            def blue(self) -> Port:
                return Blue()

        context = await start(Setup)

        assert [type(it) for it in context.get_beans_of_type(Port)] == [Red]

    async def test_order_and_lazy_of_methods_are_honoured(self, start: Start) -> None:
        made: list[str] = []

        @configuration
        class Setup:
            @bean
            def red(self) -> Red:
                made.append("red")
                return Red()

            @bean
            @order(-5)
            def blue(self) -> Blue:
                made.append("blue")
                return Blue()

            @bean
            @lazy
            def rare(self) -> dict:  # type: ignore[type-arg]
                made.append("rare")
                return {}

        context = await start(Setup)
        assert made == ["blue", "red"]

        context.get_bean(dict)
        assert made == ["blue", "red", "rare"]

    async def test_profile(self, start: Start) -> None:
        @configuration
        class Setup:
            @bean(profile="prod")
            def red(self) -> Port:
                return Red()

            @bean(profile="!prod")
            def blue(self) -> Port:
                return Blue()

        context = await start(Setup)

        assert isinstance(context.get_bean(Port), Blue)


class TestScopes:
    async def test_factories_of_shorter_scopes_are_not_called_at_start(self, start: Start) -> None:
        made: list[object] = []

        @configuration
        class Setup:
            @bean(scope=Scope.TRANSIENT)
            def red(self) -> Red:
                made.append(Red())
                return made[-1]  # type: ignore[return-value]

            @bean(scope=Scope.REQUEST)
            def blue(self) -> Blue:
                raise AssertionError("called")

        context = await start(Setup)
        assert made == []

        assert context.get_bean(Red) is not context.get_bean(Red)
        assert len(made) == 2


class TestAsynchronousFactories:
    async def test_are_awaited_by_the_start(self, start: Start) -> None:
        class Pool: ...

        @configuration
        class Setup:
            @bean
            async def pool(self) -> Pool:
                await asyncio.sleep(0)
                return Pool()

        @service
        class Holder:
            def __init__(self, pool: Pool) -> None:
                self.pool = pool

        context = await start(Holder, Setup)

        assert context.get_bean(Holder).pool is context.get_bean(Pool)
        assert isinstance(context.get_bean(Pool), Pool)

    async def test_transient_ones_are_taken_with_aget_bean(self, start: Start) -> None:
        class Pool: ...

        @configuration
        class Setup:
            @bean(scope=Scope.TRANSIENT)
            async def pool(self) -> Pool:
                return Pool()

        context = await start(Setup)

        with pytest.raises(BeanCreationException, match="its factory is asynchronous") as caught:
            context.get_bean(Pool)

        assert "aget_bean" in str(caught.value.action)

        assert isinstance(await context.aget_bean(Pool), Pool)

    async def test_lazy_one_is_made_once_by_many(self, start: Start) -> None:
        made: list[int] = []

        class Pool: ...

        @configuration
        class Setup:
            @bean
            @lazy
            async def pool(self) -> Pool:
                made.append(1)
                await asyncio.sleep(0)
                return Pool()

        context = await start(Setup)
        pools = await asyncio.gather(*(context.aget_bean(Pool) for _ in range(5)))

        assert made == [1]
        assert len({id(pool) for pool in pools}) == 1
        assert context.get_bean(Pool) is pools[0]

    async def test_cancelled_creation_leaves_the_next_one_free(self, start: Start) -> None:
        may_end = asyncio.Event()
        began = asyncio.Event()

        class Pool: ...

        @configuration
        class Setup:
            @bean
            @lazy
            async def pool(self) -> Pool:
                began.set()
                await may_end.wait()
                return Pool()

        context = await start(Setup)
        first = asyncio.ensure_future(context.aget_bean(Pool))
        await began.wait()
        second = asyncio.ensure_future(context.aget_bean(Pool))
        await asyncio.sleep(0)
        first.cancel()
        may_end.set()

        assert isinstance(await asyncio.wait_for(second, 5), Pool)
        assert first.cancelled() or (await asyncio.wait([first]) and first.cancelled())


class TestGeneratorFactories:
    async def test_clean_up_in_reverse_when_the_context_stops(self, start: Start) -> None:
        steps: list[str] = []

        class Pool:
            @pre_destroy
            def drain(self) -> None:
                steps.append("drain")

        class Client: ...

        @configuration
        class Setup:
            @bean
            async def pool(self) -> AsyncIterator[Pool]:
                steps.append("open pool")
                yield Pool()
                steps.append("close pool")

            @bean
            def client(self, pool: Pool) -> Iterator[Client]:
                steps.append("open client")
                yield Client()
                steps.append("close client")

        context = await start(Setup)
        assert isinstance(context.get_bean(Client), Client)
        await context.stop()
        await context.stop()

        assert steps == ["open pool", "open client", "drain", "close client", "close pool"]

    async def test_clean_up_when_the_start_fails(self, start: Start) -> None:
        steps: list[str] = []

        class Pool: ...

        @configuration
        class Setup:
            @bean
            def pool(self) -> Iterator[Pool]:
                try:
                    yield Pool()
                finally:
                    steps.append("closed")

            @bean
            def broken(self, pool: Pool) -> Red:
                raise OSError("no")

        with pytest.raises(BeanCreationException):
            await start(Setup)

        assert steps == ["closed"]

    async def test_more_than_one_yield_is_reported(
        self, start: Start, caplog: pytest.LogCaptureFixture
    ) -> None:
        @configuration
        class Setup:
            @bean
            def pool(self) -> Iterator[Red]:
                yield Red()
                yield Red()

        context = await start(Setup)
        await context.stop()

        assert "bean_cleanup_failed" in caplog.text
        assert "exactly one" in caplog.text


async def test_unknown_name_in_a_return_annotation_names_it(start: Start) -> None:
    @configuration
    class Setup:
        @bean
        def red(self) -> "Nowhere":  # type: ignore[name-defined]  # noqa: F821
            return None

    with pytest.raises(BeanCreationException, match=r"Setup\.red\(\).*Nowhere"):
        await start(Setup)


async def test_unknown_name_does_no_harm_where_the_method_takes_no_part(start: Start) -> None:
    @configuration
    class Setup:
        @bean
        @conditional_on_class("no_such_module")
        def red(self) -> "Nowhere":  # type: ignore[name-defined]  # noqa: F821
            return None

    context = await start(Setup)

    assert not context.contains_bean("red")


class Unprovided: ...


class Consumer:
    def __init__(self, extra: Unprovided | None) -> None:
        self.extra = extra


@configuration
class WideConfiguration:
    @bean
    def anything(self, consumer: Consumer) -> Any:
        return [consumer]


async def test_a_wide_producer_that_needs_the_consumer_closes_no_circle() -> None:
    context = ApplicationContext(Config({}))
    context.register_bean(Consumer)
    context.register_bean(WideConfiguration)

    await context.start()

    assert context.get_bean(Consumer).extra is None
    await context.stop()

# SPDX-License-Identifier: Apache-2.0
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from pyfly.config.store import Config
from pyfly.container import BeanCreationException, Scope, bean, component, configuration, lazy, order, service
from pyfly.context import (
    ApplicationContext,
    ApplicationReadyEvent,
    BeanPostProcessor,
    RequestContext,
    app_event_listener,
    post_construct,
    pre_destroy,
)

Start = Callable[..., Awaitable[ApplicationContext]]


class Target:
    def __init__(self) -> None:
        self.steps: list[str] = []

    @post_construct
    def begin(self) -> None:
        self.steps.append("begin")


class Tracer:
    """Writes into the beans of one type when it sees them."""

    label = "tracer"

    def before_init(self, bean: Any, bean_name: str) -> Any:
        if isinstance(bean, Target):
            bean.steps.append(f"{self.label} before {bean_name}")

        return bean

    def after_init(self, bean: Any, bean_name: str) -> Any:
        if isinstance(bean, Target):
            bean.steps.append(f"{self.label} after {bean_name}")

        return bean


def test_protocol_is_checked_by_its_methods() -> None:
    assert isinstance(Tracer(), BeanPostProcessor)
    assert not isinstance(Target(), BeanPostProcessor)


async def test_found_by_its_methods_and_run_around_the_hooks(start: Start) -> None:
    context = await start(Target, component(Tracer))

    assert context.get_bean(Target).steps == ["tracer before Target", "begin", "tracer after Target"]
    assert context.wiring_counts["post_processors"] >= 1


async def test_run_by_their_own_order_each_class_once() -> None:
    @order(5)
    class Late(Tracer):
        label = "late"

    @order(-5)
    class Early(Tracer):
        label = "early"

    context = ApplicationContext(Config({}))
    context.register_bean(Target)
    context.register_bean(Late)
    context.register_post_processor(Early())
    context.register_post_processor(Early())
    await context.start()
    await context.stop()

    assert context.get_bean(Target).steps == [
        "early before Target",
        "late before Target",
        "begin",
        "early after Target",
        "late after Target",
    ]


async def test_product_of_a_bean_method(start: Start) -> None:
    @configuration
    class Setup:
        @bean
        def tracer(self) -> Tracer:
            return Tracer()

        @bean
        def named(self) -> Target:
            return Target()

    context = await start(Setup)

    assert context.get_bean(Target).steps == ["tracer before named", "begin", "tracer after named"]


async def test_every_before_comes_ahead_of_every_after(start: Start) -> None:
    seen: list[str] = []

    class Phases:
        def before_init(self, bean: Any, bean_name: str) -> Any:
            seen.append("before")
            return bean

        def after_init(self, bean: Any, bean_name: str) -> Any:
            seen.append("after")
            return bean

    class One: ...

    class Two: ...

    await start(One, Two, Phases)

    assert sorted(seen, reverse=True) == seen
    assert {"before", "after"} == set(seen)


@pytest.mark.parametrize("scope", [Scope.TRANSIENT, "refresh"])
async def test_run_in_every_scope(start: Start, scope: Scope | str) -> None:
    @service(scope=scope)
    class Short(Target): ...

    context = await start(Short, Tracer)

    assert context.get_bean(Short).steps == ["tracer before Short", "begin", "tracer after Short"]


async def test_run_on_lazy_beans(start: Start) -> None:
    @lazy
    class Rare(Target): ...

    context = await start(Rare, Tracer)

    assert context.get_bean(Rare).steps == ["tracer before Rare", "begin", "tracer after Rare"]


async def test_dependency_of_a_processor_is_not_forgotten(start: Start) -> None:
    class Needy(Tracer):
        def __init__(self, target: Target) -> None: ...

    context = await start(Target, Needy)

    assert context.get_bean(Target).steps == ["tracer before Target", "begin", "tracer after Target"]


class Wrapper:
    """Stands in for a bean."""

    def __init__(self, target: Any) -> None:
        self.target = target


class Wrapping:
    def __init__(self, early: bool = False) -> None:
        self.early = early

    def before_init(self, bean: Any, bean_name: str) -> Any:
        return Wrapper(bean) if self.early and bean_name == "wrapped" else bean

    def after_init(self, bean: Any, bean_name: str) -> Any:
        return Wrapper(bean) if not self.early and bean_name == "wrapped" else bean


class Port: ...


class Adapter(Port):
    def __init__(self) -> None:
        self.steps: list[str] = []

    async def start(self) -> None:
        self.steps.append("start")

    async def stop(self) -> None:
        self.steps.append("stop")

    @app_event_listener
    def ready(self, event: ApplicationReadyEvent) -> None:
        self.steps.append("ready")

    @pre_destroy
    def end(self) -> None:
        self.steps.append("end")


@configuration
class Setup:
    @bean
    def wrapped(self) -> Port:
        return Adapter()


async def test_replacement_before_init_reaches_holders_and_every_alias() -> None:
    class Holder:
        def __init__(self, port: Port) -> None:
            self.port = port

    context = ApplicationContext(Config({}))
    context.register_bean(Setup)
    context.register_bean(Holder)
    context.register_post_processor(Wrapping(early=True))
    await context.start()

    wrapper = context.get_bean(Port)
    assert isinstance(wrapper, Wrapper)
    assert context.get_bean(Holder).port is wrapper
    assert context.get_bean_by_name("wrapped") is wrapper
    await context.stop()


async def test_replacement_after_init_reaches_look_ups_and_holders_are_told_of(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Holder:
        def __init__(self, port: Port) -> None:
            self.port = port

    context = ApplicationContext(Config({}))
    context.register_bean(Setup)
    context.register_bean(Holder)
    context.register_post_processor(Wrapping())
    with caplog.at_level(logging.WARNING):
        await context.start()

    wrapper = context.get_bean(Port)
    assert isinstance(wrapper, Wrapper)
    assert context.get_bean_by_name("wrapped") is wrapper
    assert context.get_bean(Adapter) is wrapper
    assert isinstance(context.get_bean(Holder).port, Adapter)
    record = next(it for it in caplog.records if it.message == "bean_replaced_after_injection")
    assert record.bean == "wrapped"  # type: ignore[attr-defined]
    await context.stop()


async def test_wrapped_bean_keeps_its_life() -> None:
    context = ApplicationContext(Config({}))
    context.register_bean(Setup)
    context.register_post_processor(Wrapping())
    await context.start()
    wrapper: Any = context.get_bean(Port)
    await context.stop()

    assert wrapper.target.steps == ["start", "ready", "end", "stop"]


async def test_wrapped_bean_of_a_request_is_ended() -> None:
    steps: list[str] = []

    @service(name="wrapped", scope=Scope.REQUEST)
    class Connection:
        @pre_destroy
        def close(self) -> None:
            steps.append("close")

    context = ApplicationContext(Config({}))
    context.register_bean(Connection)
    context.register_post_processor(Wrapping())
    await context.start()
    async with RequestContext.scope():
        assert isinstance(context.get_bean_by_name("wrapped"), Wrapper)

    await context.stop()
    assert steps == ["close"]


@pytest.mark.parametrize("method", ["before_init", "after_init"])
async def test_forgotten_return_is_named(start: Start, method: str) -> None:
    class Forgetful(Tracer): ...

    setattr(Forgetful, method, lambda self, bean, bean_name: None)

    with pytest.raises(BeanCreationException, match=rf"Forgetful.*{method}\(\)"):
        await start(Target, Forgetful)

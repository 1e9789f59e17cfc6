# SPDX-License-Identifier: Apache-2.0
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import pytest

from pyfly.config.binding import config_properties
from pyfly.config.store import Config
from pyfly.container import (
    BeanCreationException,
    NoSuchBeanError,
    bean,
    component,
    configuration,
    lazy,
    service,
)
from pyfly.context import (
    ApplicationContext,
    conditional_on_missing_bean,
    conditional_on_property,
    post_construct,
    pre_destroy,
)
from pyfly.context.exceptions import StartupError

steps: list[str] = []


class Store: ...


@configuration
class Stores:
    def __init__(self) -> None:
        steps.append("configuration")

    @bean
    @conditional_on_property("store.provider", "database")
    async def database(self) -> AsyncIterator[Store]:
        steps.append("connect")
        yield Store()
        steps.append("disconnect")

    @bean
    @conditional_on_missing_bean(Store)
    def memory(self) -> Store:
        steps.append("memory")
        return Store()


@service
class Orders:
    def __init__(self, store: Store) -> None:
        steps.append("orders")

    @post_construct
    def warm_up(self) -> None:
        steps.append("warm up")

    @pre_destroy
    def end(self) -> None:
        steps.append("end")

    async def start(self) -> None:
        steps.append("start")

    async def stop(self) -> None:
        steps.append("stop")


class Unknown: ...


@component
class Needy:
    def __init__(self, unknown: Unknown) -> None: ...


@pytest.fixture(autouse=True)
def _no_steps() -> Iterator[None]:
    steps.clear()
    yield
    steps.clear()


def context_of(*classes: type, **keys: object) -> ApplicationContext:
    context = ApplicationContext(Config(keys))
    for cls in classes:
        context.register_bean(cls)

    return context


def products(context: ApplicationContext) -> list[str]:
    return [it.name for it in context.container.registrations_of(Store)]


class TestPrepare:
    def test_creates_and_starts_nothing(self) -> None:
        context = context_of(Stores, Orders, store={"provider": "database"})

        context.prepare()

        assert steps == []
        assert not context.is_running
        assert [
            it.label for it in context.container.registrations() if it.created and not it.ready_made
        ] == []

    def test_selects_what_the_application_will_have(self) -> None:
        context = context_of(Stores, Orders, store={"provider": "database"})

        context.prepare()

        assert products(context) == ["database"]
        subjects = [entry.subject for entry in context.condition_report.negative_matches]
        assert any(subject.endswith("Stores#memory") for subject in subjects)

    def test_selects_what_the_start_would_have_selected(self) -> None:
        prepared, other = context_of(Stores, Orders), context_of(Stores, Orders)

        prepared.prepare()

        assert products(prepared) == ["memory"]
        assert products(other) == []

    async def test_a_start_goes_on_from_there(self) -> None:
        context = context_of(Stores, Orders, store={"provider": "database"})
        context.prepare()

        await context.start()
        await context.stop()

        assert steps == [
            *("configuration", "connect", "orders", "warm up", "start"),
            *("end", "stop", "disconnect"),
        ]

    async def test_conditions_are_evaluated_once(self) -> None:
        asked: list[str] = []
        context = context_of(Stores)
        context.container.register(Orders, condition=lambda: bool(asked.append("orders") or True))

        context.prepare()
        context.prepare()
        await context.start()
        context.prepare()
        await context.stop()

        assert asked == ["orders"]
        entries = context.condition_report.positive_matches
        assert all(len(entry.outcomes) == len(set(entry.outcomes)) for entry in entries)

    async def test_settings_are_bound_once(self) -> None:
        made: list[str] = []

        @config_properties("shop")
        @dataclass
        class Shop:
            name: str = "corner"

            def __post_init__(self) -> None:
                made.append(self.name)

        context = context_of(Shop, shop={"name": "market"})
        context.prepare()
        await context.start()

        assert context.get_bean(Shop).name == "market"
        assert made == ["market"]
        await context.stop()

    async def test_lazy_initialisation_counts_for_what_is_prepared(self) -> None:
        context = context_of(Stores, pyfly={"context": {"lazy-initialization": True}})

        context.prepare()
        await context.start()

        assert steps == []
        context.get_bean(Store)
        assert steps == ["configuration", "memory"]
        await context.stop()

    async def test_an_instance_registered_afterwards_takes_the_place_of_its_class(self) -> None:
        @component
        class Clock:
            def __init__(self) -> None:
                steps.append("clock")

        context = context_of(Clock)
        context.prepare()
        mine = object.__new__(Clock)
        context.container.register_instance(Clock, mine)

        await context.start()

        assert context.get_bean(Clock) is mine
        assert steps == []
        await context.stop()

    async def test_an_override_afterwards_reaches_what_is_made(self) -> None:
        context = context_of(Stores)
        context.prepare()
        mine = Store()

        with context.container.override({Store: mine}):
            await context.start()

            assert context.get_bean(Store) is mine

        await context.stop()

    async def test_a_plain_bean_may_still_be_added(self) -> None:
        context = context_of(Stores)
        context.prepare()
        context.register_bean(Orders)

        await context.start()
        await context.stop()

        assert "orders" in steps

    async def test_what_has_conditions_comes_too_late_afterwards(self) -> None:
        @conditional_on_property("late")
        @lazy
        @component
        class Late: ...

        context = context_of()
        context.prepare()
        context.register_bean(Late)

        with pytest.raises(BeanCreationException, match="Late") as caught:
            context.prepare()

        assert caught.value.action == "Register it before prepare() is called."
        with pytest.raises(BeanCreationException, match="Late"):
            await context.start()


class TestProblems:
    def test_they_are_those_of_a_start(self) -> None:
        with pytest.raises(NoSuchBeanError, match="Unknown"):
            context_of(Needy).prepare()

    def test_wrong_settings_are_told_likewise(self) -> None:
        context = context_of(pyfly={"context": {"shutdown-timeout": "soon"}})

        with pytest.raises(BeanCreationException, match="shutdown-timeout"):
            context.prepare()

    def test_an_error_that_knows_no_beans_is_wrapped(self) -> None:
        def broken() -> bool:
            raise OSError("no disk")

        context = context_of()
        context.container.register(Unknown, condition=broken)

        with pytest.raises(StartupError, match="no disk") as caught:
            context.prepare()

        assert isinstance(caught.value.__cause__, OSError)

    async def test_a_start_fails_with_the_same_error(self) -> None:
        context = context_of(Needy, Stores)
        with pytest.raises(NoSuchBeanError) as first:
            context.prepare()

        with pytest.raises(NoSuchBeanError) as second:
            await context.start()

        assert second.value is first.value
        assert not context.is_running
        assert steps == []

    def test_the_report_tells_what_was_decided_before(self) -> None:
        context = context_of(Needy, Stores)

        with pytest.raises(NoSuchBeanError):
            context.prepare()

        subjects = [entry.subject for entry in context.condition_report.negative_matches]
        assert any(subject.endswith("Stores#database") for subject in subjects)


async def test_a_stopped_context_is_not_prepared() -> None:
    context = context_of()
    await context.stop()

    with pytest.raises(BeanCreationException, match="stopped already"):
        context.prepare()


async def test_a_prepared_context_that_never_starts_stops_without_effect() -> None:
    context = context_of(Stores, Orders)
    context.prepare()

    await context.stop()

    assert steps == []

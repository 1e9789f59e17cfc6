# SPDX-License-Identifier: Apache-2.0
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

import pytest

from pyfly.config.store import Config
from pyfly.container import (
    BeanCreationException,
    Container,
    NoSuchBeanError,
    bean,
    configuration,
    order,
    primary,
    service,
)
from pyfly.context import (
    ApplicationContext,
    auto_configuration,
    conditional_on_bean,
    conditional_on_class,
    conditional_on_expression,
    conditional_on_missing_bean,
    conditional_on_property,
    conditional_on_resource,
    conditional_on_single_candidate,
)
from pyfly.context.condition_evaluator import ConditionEvaluator

Start = Callable[..., Awaitable[ApplicationContext]]


@runtime_checkable
class Port(Protocol):
    def send(self) -> None: ...


class Adapter(Port):
    def send(self) -> None: ...


async def exists(start: Start, condition: Any, **config: Any) -> bool:
    @condition
    @service
    class Guarded: ...

    context = await start(Guarded, config=config)
    return context.container.contains_type(Guarded)


class TestConditionsOnTheSurroundings:
    @pytest.mark.parametrize(
        ("value", "having", "matched"),
        [
            ("redis", "redis", True),
            ("REDIS", "redis", True),
            ("memory", "redis", False),
            ("anything", "", True),
            (False, "", False),
            ("false", "", False),
            ("off", "", False),
            ("0", "", False),
            (True, "true", True),
            ("yes", "true", True),
            ("1", "true", True),
            ("no", "false", True),
            ("on", "false", False),
            (5, "5", True),
        ],
    )
    async def test_property(self, start: Start, value: object, having: str, matched: bool) -> None:
        assert (
            await exists(start, conditional_on_property("shop.cache", having), shop={"cache": value})
            is matched
        )

    @pytest.mark.parametrize("matched", [True, False])
    async def test_absent_property(self, start: Start, matched: bool) -> None:
        condition = conditional_on_property("shop.cache", "redis", match_if_missing=matched)

        assert await exists(start, condition) is matched

    async def test_module(self, start: Start) -> None:
        assert await exists(start, conditional_on_class("json.decoder"))
        assert not await exists(start, conditional_on_class("no_such_module.at_all"))

    async def test_expression(self, start: Start) -> None:
        assert await exists(start, conditional_on_expression("#{1 + 1 == 2}"))
        assert not await exists(start, conditional_on_expression("#{1 + 1 == 3}"))

    async def test_resource(self, start: Start, tmp_path: Path) -> None:
        (tmp_path / "here.txt").write_text("")

        assert await exists(start, conditional_on_resource(str(tmp_path / "here.txt")))
        assert not await exists(start, conditional_on_resource(str(tmp_path / "gone.txt")))

    async def test_several_have_to_hold_all(self, start: Start) -> None:
        both = lambda cls: conditional_on_property("a")(conditional_on_property("b")(cls))  # noqa: E731

        assert await exists(start, both, a=1, b=1)
        assert not await exists(start, both, a=1)

    async def test_stereotype_condition(self, start: Start) -> None:
        @service(condition=lambda: False)
        class Off: ...

        @service(condition=lambda: True)
        class On: ...

        context = await start(Off, On)

        assert [context.container.contains_type(cls) for cls in (Off, On)] == [False, True]

    async def test_condition_given_to_the_container(self) -> None:
        class Off: ...

        context = ApplicationContext(Config({}))
        context.container.register(Off, condition=lambda: False)
        await context.start()
        await context.stop()

        assert not context.container.contains_type(Off)

    async def test_unknown_kind_counts_as_matched_with_a_warning(
        self, start: Start, caplog: pytest.LogCaptureFixture
    ) -> None:
        def odd(cls: type) -> type:
            cls.__pyfly_conditions__ = [{"type": "on_full_moon"}]  # type: ignore[attr-defined]
            return cls

        assert await exists(start, odd)
        record = next(it for it in caplog.records if it.message == "unknown_condition_type")
        assert record.condition_type == "on_full_moon"  # type: ignore[attr-defined]

    async def test_exclusion_is_logged(self, start: Start, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level(logging.DEBUG):
            await exists(start, conditional_on_property("shop.cache"))

        record = next(it for it in caplog.records if it.message == "bean_excluded_by_condition")
        assert record.condition_type == "on_property"  # type: ignore[attr-defined]
        assert record.bean.endswith("Guarded")  # type: ignore[attr-defined]


class TestProfiles:
    async def test_only_the_one_whose_profile_holds_answers_for_the_port(
        self, start: Start, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        @service(profile="prod")
        class Real(Adapter): ...

        @service(profile="!prod")
        class Fake(Adapter): ...

        monkeypatch.setenv("PYFLY_PROFILES_ACTIVE", "prod")
        context = await start(Real, Fake)

        assert type(context.get_bean(Port)) is Real  # type: ignore[type-abstract]
        assert [type(it) for it in context.get_beans_of_type(Port)] == [Real]  # type: ignore[type-abstract]

    async def test_only_one_filtered_implementation_is_a_missing_bean_with_its_reason(
        self, start: Start
    ) -> None:
        @service(profile="prod")
        class Real(Adapter): ...

        context = await start(Real)

        with pytest.raises(NoSuchBeanError, match="prod") as caught:
            context.get_bean(Port)  # type: ignore[type-abstract]

        assert caught.value.not_used

    async def test_beans_of_different_profiles_may_share_a_name(self, start: Start) -> None:
        @service(name="sender", profile="prod")
        class Real(Adapter): ...

        @service(name="sender", profile="!prod")
        class Fake(Adapter): ...

        context = await start(Real, Fake)

        assert type(context.get_bean_by_name("sender")) is Fake
        assert list(context.get_bean(dict[str, Port])) == ["sender"]

    async def test_name_that_two_profiles_claim_at_once_stops_the_start(self, start: Start) -> None:
        @service(name="sender", profile="!prod")
        class One(Adapter): ...

        @service(name="sender", profile="!test")
        class Two(Adapter): ...

        with pytest.raises(BeanCreationException, match=r"Two.*'sender'.*One"):
            await start(One, Two)

    async def test_default_holds_while_none_is_active(self, start: Start) -> None:
        @service(profile="default")
        class Fallback: ...

        context = await start(Fallback)

        assert isinstance(context.get_bean(Fallback), Fallback)

    async def test_malformed_one_stops_the_start(self, start: Start) -> None:
        @service(profile="prod &")
        class Mistyped: ...

        with pytest.raises(BeanCreationException, match=r"Mistyped.*prod &"):
            await start(Mistyped)

    async def test_configuration_list(self, start: Start) -> None:
        @service(profile="eu & prod")
        class Both: ...

        context = await start(Both, config={"pyfly": {"profiles": {"active": ["eu", "prod"]}}})

        assert context.container.contains_type(Both)


class TestConditionsOnBeans:
    async def test_on_bean_sees_exact_subclass_and_product(self, start: Start) -> None:
        @conditional_on_bean(Port)
        @service
        class User: ...

        @configuration
        class Setup:
            @bean
            def adapter(self) -> Adapter:
                return Adapter()

        assert not (await start(User)).container.contains_type(User)
        assert (await start(User, Adapter)).container.contains_type(User)
        assert (await start(User, Setup)).container.contains_type(User)

    async def test_structural_likeness_is_no_match(self, start: Start) -> None:
        @service
        class Lookalike:
            def send(self) -> None: ...

        @conditional_on_missing_bean(Port)
        @service
        class Fallback(Adapter): ...

        context = await start(Lookalike, Fallback)

        assert type(context.get_bean(Port)) is Fallback  # type: ignore[type-abstract]

    async def test_declaring_class_never_counts_for_itself(self, start: Start) -> None:
        @conditional_on_missing_bean(Adapter)
        @service
        class Fallback(Adapter): ...

        assert (await start(Fallback)).container.contains_type(Fallback)

    async def test_two_fallbacks_leave_the_first(self, start: Start) -> None:
        @conditional_on_missing_bean(Port)
        @service
        class First(Adapter): ...

        @conditional_on_missing_bean(Port)
        @service
        class Second(Adapter): ...

        context = await start(First, Second)

        assert [type(it) for it in context.get_beans_of_type(Port)] == [Second]  # type: ignore[type-abstract]

    async def test_fallbacks_are_looked_at_by_order(self, start: Start) -> None:
        @order(2)
        @conditional_on_missing_bean(Port)
        @service
        class First(Adapter): ...

        @order(1)
        @conditional_on_missing_bean(Port)
        @service
        class Second(Adapter): ...

        context = await start(First, Second)

        assert [type(it) for it in context.get_beans_of_type(Port)] == [First]  # type: ignore[type-abstract]

    async def test_removal_is_visible_to_the_next(self, start: Start) -> None:
        @conditional_on_bean(Config)
        @conditional_on_missing_bean(Config)
        @service
        class Never(Adapter): ...

        @conditional_on_missing_bean(Port)
        @service
        class Fallback(Adapter): ...

        assert (await start(Never, Fallback)).container.contains_type(Fallback)

    async def test_single_candidate_counts_definitions(self, start: Start) -> None:
        @conditional_on_single_candidate(Port)
        @service
        class User: ...

        class Other(Adapter): ...

        @primary
        class Main(Adapter): ...

        @configuration
        class Setup:
            @bean
            def adapter(self) -> Adapter:
                return Adapter()

        assert not (await start(User)).container.contains_type(User)
        assert (await start(User, Setup)).container.contains_type(User)
        assert not (await start(User, Adapter, Other)).container.contains_type(User)
        assert (await start(User, Adapter, Main, Other)).container.contains_type(User)

    async def test_configuration_class_with_a_bean_condition(self, start: Start) -> None:
        @conditional_on_bean(Adapter)
        @configuration
        class Setup:
            @bean
            def text(self) -> list:  # type: ignore[type-arg]
                return ["made"]

        assert (await start(Setup, Adapter)).get_bean(list) == ["made"]
        assert not (await start(Setup)).container.contains_type(list)

    async def test_shadowed_by_an_auto_configuration_is_told(
        self, start: Start, install: Callable[..., None], caplog: pytest.LogCaptureFixture
    ) -> None:
        install(
            {"late": "late_module:Late"},
            {
                "late_module": "from pyfly.container import bean\n"
                "from pyfly.context import auto_configuration\n"
                "@auto_configuration\n"
                "class Late:\n"
                "    @bean\n"
                "    def late(self) -> dict:\n"
                "        return {}\n"
            },
        )

        @conditional_on_bean(dict)
        @service
        class User: ...

        context = await start(User)

        assert not context.container.contains_type(User)
        record = next(
            it for it in caplog.records if it.message == "bean_condition_ignores_auto_configuration"
        )
        assert record.condition == "dict"  # type: ignore[attr-defined]


class TestReport:
    async def test_keeps_every_decision(self, start: Start) -> None:
        @conditional_on_missing_bean(Port)
        @service
        class Fallback(Adapter): ...

        @configuration
        class Setup:
            @bean
            @conditional_on_property("shop.cache", "redis")
            def cache(self) -> dict:  # type: ignore[type-arg]
                return {}

        context = await start(Fallback, Setup, config={"shop": {"cache": "memory"}})
        report = context.condition_report

        positive = {entry.subject for entry in report.positive_matches}
        negative = {entry.subject: entry for entry in report.negative_matches}
        cache = next(entry for subject, entry in negative.items() if subject.endswith("Setup#cache"))
        assert any(subject.endswith("Fallback") for subject in positive)
        assert (cache.outcomes[0].condition, cache.outcomes[0].reason) == (
            "property shop.cache = redis",
            'found "memory"',
        )

    async def test_missing_bean_tells_what_was_left_out(self, start: Start) -> None:
        @configuration
        class Setup:
            @bean
            @conditional_on_property("shop.cache", "redis")
            def cache(self) -> Adapter:
                return Adapter()

        @service
        class User:
            def __init__(self, port: Port) -> None: ...

        with pytest.raises(NoSuchBeanError, match=r"Setup\.cache\(\).*property shop\.cache = redis"):
            await start(Setup, User)


class TestEvaluator:
    def test_checks_one_kind_of_conditions_at_a_time(self) -> None:
        @conditional_on_property("shop.cache")
        @conditional_on_bean(Port)
        class Both: ...

        container = Container()
        evaluator = ConditionEvaluator(Config({"shop": {"cache": "on"}}), container)

        assert evaluator.should_include(Both)
        assert not evaluator.should_include(Both, bean_pass=True)

        container.register(Adapter)
        assert evaluator.should_include(Both, bean_pass=True)

    def test_checks_all_conditions_of_a_method(self) -> None:
        class Setup:
            @bean
            @conditional_on_property("shop.cache")
            @conditional_on_bean(Port)
            def cache(self) -> Adapter:
                return Adapter()

        container = Container()
        evaluator = ConditionEvaluator(Config({"shop": {"cache": "on"}}), container)

        assert not evaluator.should_include_method(Setup.cache)
        container.register(Adapter)
        assert evaluator.should_include_method(Setup().cache)


class TestInheritance:
    async def test_undecorated_subclass_inherits_no_condition(self, start: Start) -> None:
        @conditional_on_property("never.set")
        @service(profile="prod", name="base")
        class Base: ...

        class Child(Base): ...

        context = await start(Base, Child)

        assert context.container.contains_type(Child)
        assert not context.container.contains_type(Base)
        assert not context.contains_bean("base")

    def test_auto_configuration_marks_its_class(self) -> None:
        @auto_configuration
        class Auto: ...

        marks: Any = Auto
        assert marks.__pyfly_auto_configuration__ is True
        assert marks.__pyfly_stereotype__ == "configuration"
        assert marks.__pyfly_order__ == 1000

# SPDX-License-Identifier: Apache-2.0
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from pyfly.config.store import Config
from pyfly.container import BeanCreationException, bean, configuration, order, service
from pyfly.context import ApplicationContext, ApplicationReadyEvent, ContextRefreshedEvent, app_event_listener
from pyfly.context.runners import ApplicationArguments, ApplicationRunner, CommandLineRunner

Start = Callable[..., Awaitable[ApplicationContext]]


async def run(*classes: type, arguments: list[str] | None = None) -> None:
    context = ApplicationContext(Config({}))
    context.container.register_instance(ApplicationArguments, ApplicationArguments(arguments or []))
    for cls in classes:
        context.register_bean(cls)

    await context.start()
    await context.stop()


async def test_both_kinds_get_their_arguments() -> None:
    seen: list[Any] = []

    class Parsed(ApplicationRunner):
        async def run(self, args: ApplicationArguments) -> None:
            seen.append(args.option_values("name"))

    class Plain(CommandLineRunner):
        async def run(self, args: list[str]) -> None:
            seen.append(args)

    await run(Parsed, Plain, arguments=["--name=x", "file"])

    assert seen == [["x"], ["--name=x", "file"]]


async def test_run_by_order_between_refreshed_and_ready() -> None:
    seen: list[str] = []

    @order(2)
    class Second(CommandLineRunner):
        async def run(self, args: list[str]) -> None:
            seen.append("second")

    @order(1)
    class First(ApplicationRunner):
        async def run(self, args: ApplicationArguments) -> None:
            seen.append("first")

    class Watcher:
        @app_event_listener
        def refreshed(self, event: ContextRefreshedEvent) -> None:
            seen.append("refreshed")

        @app_event_listener
        def ready(self, event: ApplicationReadyEvent) -> None:
            seen.append("ready")

    await run(Second, First, Watcher)

    assert seen == ["refreshed", "first", "second", "ready"]


async def test_recognised_by_the_annotation_of_the_only_parameter_sync_too() -> None:
    seen: list[str] = []

    @service
    class Plain:
        def run(self, args: list[str]) -> None:
            seen.append("plain")

    @service
    class Parsed:
        def run(self, args: ApplicationArguments, verbose: bool = False) -> None:
            seen.append("parsed")

    await run(Plain, Parsed)

    assert seen == ["plain", "parsed"]


async def test_other_methods_named_run_are_nobodys_business() -> None:
    @service
    class Job:
        def run(self) -> None:
            raise AssertionError("called")

    @service
    class Engine:
        def run(self, job: Job) -> None:
            raise AssertionError("called")

    @service
    class Shell:
        def run(self, command: list[str], folder: str) -> None:
            raise AssertionError("called")

    @service
    class Loose:
        def run(self, args) -> None:  # type: ignore[no-untyped-def]
            raise AssertionError("called")

    await run(Job, Engine, Shell, Loose)


async def test_bean_method_declared_as_a_runner_runs_once() -> None:
    seen: list[list[str]] = []

    class Anything:
        async def run(self, args: list[str]) -> None:
            seen.append(args)

    @configuration
    class Setup:
        @bean
        def runner(self) -> CommandLineRunner:
            return Anything()

    await run(Setup, arguments=["x"])

    assert seen == [["x"]]


async def test_failing_one_stops_the_start() -> None:
    class Broken(CommandLineRunner):
        async def run(self, args: list[str]) -> None:
            raise OSError("no file")

    with pytest.raises(BeanCreationException, match="no file"):
        await run(Broken)

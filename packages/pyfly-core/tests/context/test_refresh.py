# SPDX-License-Identifier: Apache-2.0
import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import pytest

from pyfly.config.binding import config_properties
from pyfly.config.store import Config
from pyfly.config.strictness import InvalidConfigurationError
from pyfly.config.value import Value
from pyfly.container import Provider, refresh_scope, service
from pyfly.context import (
    ApplicationContext,
    ContextRefresher,
    RefreshScopeRefreshedEvent,
    app_event_listener,
    pre_destroy,
)

Start = Callable[..., Awaitable[ApplicationContext]]


@config_properties(prefix="shop")
@dataclass
class ShopProperties:
    limit: int = 1


@config_properties(prefix="shop")
@dataclass(frozen=True)
class FrozenProperties:
    limit: int = 1


@refresh_scope
@service(name="rates")
class Rates:
    def __init__(self, limit: Annotated[int, Value("${shop.limit}")]) -> None:
        self.limit = limit
        self.ended = False

    @pre_destroy
    async def end(self) -> None:
        self.ended = True


class Shop:
    def __init__(self, properties: ShopProperties, rates: Provider[Rates]) -> None:
        self.properties = properties
        self.rates = rates


class Application:
    """A context over a configuration file that a test can change."""

    def __init__(self, folder: Path, *classes: type) -> None:
        self.file = folder / "pyfly.yaml"
        self.write("1")
        self.context = ApplicationContext(Config.from_sources(folder))
        for cls in classes:
            self.context.register_bean(cls)

    def write(self, limit: str) -> None:
        self.file.write_text(f"shop:\n  limit: {limit}\n")

    async def refresh(self) -> list[str]:
        return await self.context.get_bean(ContextRefresher).refresh()


@pytest.fixture
def application(tmp_path: Path) -> Application:
    return Application(tmp_path, ShopProperties, FrozenProperties, Rates, Shop)


async def test_new_settings_reach_held_properties_and_refreshed_beans(application: Application) -> None:
    context = application.context
    await context.start()
    shop = context.get_bean(Shop)
    old, frozen = shop.rates(), context.get_bean(FrozenProperties)
    assert (shop.properties.limit, old.limit, frozen.limit) == (1, 1, 1)

    application.write("2")
    refreshed = await application.refresh()

    assert refreshed == ["rates"]
    assert shop.properties.limit == 2
    assert context.get_bean(ShopProperties) is shop.properties
    assert shop.rates().limit == 2
    assert shop.rates() is not old
    assert context.get_bean(FrozenProperties).limit == 2
    assert frozen.limit == 1
    await context.stop()


async def test_evicted_beans_are_ended_and_the_last_ones_with_the_context(application: Application) -> None:
    context = application.context
    await context.start()
    old = context.get_bean(Rates)

    application.write("2")
    await application.refresh()
    new = context.get_bean(Rates)
    assert (old.ended, new.ended) == (True, False)

    await context.stop()
    assert new.ended


async def test_what_was_never_made_is_not_refreshed(application: Application) -> None:
    await application.context.start()

    assert await application.refresh() == []
    await application.context.stop()


async def test_event_tells_the_keys(start: Start) -> None:
    seen: list[list[str]] = []

    @service
    class Watcher:
        @app_event_listener
        def on(self, event: RefreshScopeRefreshedEvent) -> None:
            seen.append(event.refreshed)

    context = await start(Watcher, Rates, config={"shop": {"limit": 4}})
    context.get_bean(Rates)

    await context.get_bean(ContextRefresher).refresh()

    assert seen == [["rates"]]


async def test_key_of_a_nameless_bean_is_its_dotted_class(start: Start) -> None:
    @refresh_scope
    @service
    class Nameless: ...

    context = await start(Nameless)
    context.get_bean(Nameless)

    assert await context.get_bean(ContextRefresher).refresh() == [f"{__name__}.{Nameless.__qualname__}"]


async def test_settings_that_do_not_fit_leave_everything_as_it_was(application: Application) -> None:
    context = application.context
    await context.start()
    shop = context.get_bean(Shop)
    rates = shop.rates()

    application.write("many")
    with pytest.raises(InvalidConfigurationError, match="limit"):
        await application.refresh()

    assert shop.properties.limit == 1
    assert shop.rates() is rates
    assert not rates.ended
    assert context.config.get("shop.limit") == 1
    await context.stop()


async def test_file_that_cannot_be_read_leaves_everything_as_it_was(application: Application) -> None:
    context = application.context
    await context.start()
    rates = context.get_bean(Rates)

    application.file.write_text("shop: [")
    with pytest.raises(ValueError, match=r"pyfly\.yaml"):
        await application.refresh()

    assert context.get_bean(Rates) is rates
    assert context.config.get("shop.limit") == 1
    await context.stop()


async def test_refreshes_run_one_after_the_other(start: Start) -> None:
    running: list[int] = []
    most: list[int] = []

    @service
    class Watcher:
        @app_event_listener
        async def on(self, event: RefreshScopeRefreshedEvent) -> None:
            running.append(1)
            most.append(len(running))
            await asyncio.sleep(0)
            running.pop()

    context = await start(Watcher)
    refresher = context.get_bean(ContextRefresher)

    await asyncio.gather(*(refresher.refresh() for _ in range(3)))

    assert most == [1, 1, 1]


class Ending:
    """Refreshable beans of which the first one to end never comes to an end by itself."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self.ended: list[str] = []


@refresh_scope
@service(name="stuck")
class Stuck:
    def __init__(self, ending: Ending) -> None:
        self.ending = ending

    @pre_destroy
    async def end(self) -> None:
        self.ending.reached.set()
        await asyncio.Event().wait()


@refresh_scope
@service(name="prompt")
class Prompt:
    def __init__(self, ending: Ending) -> None:
        self.ending = ending

    @pre_destroy
    async def end(self) -> None:
        self.ending.ended.append("prompt")


class TestEndingOfDroppedBeans:
    @pytest.fixture
    async def context(self) -> AsyncIterator[ApplicationContext]:
        context = ApplicationContext(Config({"pyfly": {"context": {"shutdown-timeout": "50ms"}}}))
        for cls in (Ending, Stuck, Prompt):
            context.register_bean(cls)

        await context.start()
        context.get_bean(Stuck), context.get_bean(Prompt)
        yield context
        await context.stop()

    async def test_a_bean_that_hangs_is_left_behind_with_a_warning(
        self, context: ApplicationContext, caplog: pytest.LogCaptureFixture
    ) -> None:
        evicted = await asyncio.wait_for(context.get_bean(ContextRefresher).refresh(), 5)

        assert evicted == ["stuck", "prompt"]
        assert context.get_bean(Ending).ended == ["prompt"]
        assert "pre_destroy_timeout" in caplog.messages

    async def test_a_cancellation_waits_until_all_have_had_their_turn(
        self, context: ApplicationContext
    ) -> None:
        told: list[list[str]] = []
        context.event_bus.subscribe(RefreshScopeRefreshedEvent, lambda event: told.append(event.refreshed))
        refreshing = asyncio.ensure_future(context.get_bean(ContextRefresher).refresh())
        await asyncio.wait_for(context.get_bean(Ending).reached.wait(), 5)

        refreshing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(refreshing, 5)

        assert context.get_bean(Ending).ended == ["prompt"]
        assert told == [["stuck", "prompt"]]

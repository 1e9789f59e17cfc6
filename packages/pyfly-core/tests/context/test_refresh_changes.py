# SPDX-License-Identifier: Apache-2.0
"""What a refresh touches: only what depends on settings that have changed."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import pytest

from pyfly.config.binding import config_properties
from pyfly.config.errors import ConfigurationError
from pyfly.config.store import Config
from pyfly.config.value import Value
from pyfly.container import BeanCreationException, refresh_scope, service
from pyfly.context import (
    ApplicationContext,
    ContextRefresher,
    EnvironmentChangeEvent,
    RefreshScopeRefreshedEvent,
)

BEFORE = "shop: {limit: 1, name: Corner, mail: {host: a}}\nbank: {url: x}\nhost: h\nlink: 'http://${host}'\n"


@dataclass
class Mail:
    host: str = ""


@config_properties("shop")
@dataclass
class ShopProperties:
    limit: int = 0
    name: str = ""
    mail: Mail = field(default_factory=Mail)


@config_properties("bank")
@dataclass
class BankProperties:
    url: str = ""


@service
class Rates:
    def __init__(self, bank: BankProperties) -> None:
        self.url = bank.url


@refresh_scope
@service(name="by-value")
class ByValue:
    def __init__(self, limit: Annotated[int, Value("${shop.limit}")]) -> None: ...


@refresh_scope
@service(name="by-field")
class ByField:
    link: str = Value("${link}/x")


@refresh_scope
@service(name="by-properties")
class ByProperties:
    def __init__(self, shop: ShopProperties) -> None: ...


@refresh_scope
@service(name="through-another")
class ThroughAnother:
    def __init__(self, rates: Rates) -> None: ...


@refresh_scope
@service(name="by-hand")
class ByHand:
    def __init__(self, config: Config, limit: Annotated[int, Value("${shop.limit}")]) -> None: ...


@refresh_scope
@service(name="unconfigured")
class Unconfigured: ...


SCOPED = (ByValue, ByField, ByProperties, ThroughAnother, ByHand, Unconfigured)


class Application:
    def __init__(self, folder: Path) -> None:
        self.file = folder / "pyfly.yaml"
        self.file.write_text(BEFORE)
        self.context = ApplicationContext(Config.from_sources(folder, load_defaults=False))
        for cls in (ShopProperties, BankProperties, Rates, *SCOPED):
            self.context.register_bean(cls)

        self.changed: list[list[str]] = []
        self.context.event_bus.subscribe(
            EnvironmentChangeEvent, lambda event: self.changed.append(event.keys)
        )

    async def refresh(self) -> set[str]:
        for cls in SCOPED:
            self.context.get_bean(cls)

        return set(await self.context.get_bean(ContextRefresher).refresh())

    async def refresh_with(self, old: str, new: str) -> set[str]:
        self.file.write_text(self.file.read_text().replace(old, new))
        return await self.refresh()


@pytest.fixture
async def application(tmp_path: Path) -> AsyncIterator[Application]:
    application = Application(tmp_path)
    await application.context.start()
    yield application
    await application.context.stop()


@pytest.mark.parametrize(
    ("old", "new", "dropped", "keys"),
    [
        ("limit: 1", "limit: 2", {"by-value", "by-properties"}, ["shop.limit"]),
        ("Corner", "Market", {"by-properties"}, ["shop.name"]),
        ("host: a", "host: b", {"by-properties"}, ["shop.mail.host"]),
        ("url: x", "url: y", {"through-another"}, ["bank.url"]),
        ("host: h", "host: i", {"by-field"}, ["host", "link"]),
        ("bank:", "more: 1\nbank:", set(), ["more"]),
        ("", "", set(), None),
    ],
)
async def test_only_beans_of_changed_settings_are_dropped(
    application: Application, old: str, new: str, dropped: set[str], keys: list[str] | None
) -> None:
    refreshed = await application.refresh_with(old, new)

    assert refreshed == dropped | {"by-hand", "unconfigured"}
    assert application.changed == ([] if keys is None else [keys])


async def test_properties_that_have_not_changed_are_left_alone(application: Application) -> None:
    shop, bank = application.context.get_bean(ShopProperties), application.context.get_bean(BankProperties)
    shop.name, bank.url = "set by hand", "x"

    await application.refresh_with("url: x", "url: y")

    assert (shop.name, bank.url) == ("Corner", "y")
    assert application.context.get_bean(BankProperties) is bank


async def test_removed_key_gives_the_default_back(application: Application) -> None:
    await application.refresh_with(", name: Corner", "")

    assert application.context.get_bean(ShopProperties).name == ""
    assert application.changed == [["shop.name"]]


async def test_variable_that_was_set_meanwhile_counts(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYFLY_SHOP_LIMIT", "9")

    assert "by-value" in await application.refresh()
    assert application.context.get_bean(ShopProperties).limit == 9
    assert application.changed == [["shop.limit"]]


async def test_variable_without_a_key_in_a_file_counts(
    application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    await application.refresh_with(", name: Corner", "")
    application.changed.clear()
    monkeypatch.setenv("PYFLY_SHOP_NAME", "Market")

    await application.refresh()

    assert application.context.get_bean(ShopProperties).name == "Market"
    assert application.changed == [["shop.name"]]


async def test_nothing_is_changed_when_one_class_does_not_fit(application: Application) -> None:
    context = application.context
    text = BEFORE.replace("limit: 1", "limit: many").replace("url: x", "url: y")
    application.file.write_text(text)

    with pytest.raises(BeanCreationException) as caught:
        await application.refresh()

    assert f"shop.limit: expected an integer, got 'many' (from {application.file}, line 1)" in str(
        caught.value
    )
    assert context.get_bean(BankProperties).url == "x"
    assert context.config.get("bank.url") == "x"
    assert application.changed == []


async def test_check_can_refuse_the_new_settings(application: Application) -> None:
    def refuse(config: Config) -> None:
        if config.get("bank.url") == "y":
            raise ConfigurationError("bank.url: y is closed")

    context = application.context
    context.get_bean(ContextRefresher).add_check(refuse)

    with pytest.raises(ConfigurationError, match=r"bank\.url: y is closed"):
        await application.refresh_with("url: x", "url: y")

    assert context.config.get("bank.url") == "x"
    assert context.get_bean(BankProperties).url == "x"
    assert await application.refresh_with("url: y", "url: z")
    assert context.get_bean(BankProperties).url == "z"


async def test_bound_beans_are_new_when_the_event_comes(application: Application) -> None:
    context = application.context
    seen: list[object] = []
    context.event_bus.subscribe(
        EnvironmentChangeEvent, lambda event: seen.append(context.get_bean(ShopProperties).limit)
    )
    context.event_bus.subscribe(RefreshScopeRefreshedEvent, lambda event: seen.append("refreshed"))

    await application.refresh_with("limit: 1", "limit: 2")

    assert seen == [2, "refreshed"]


async def test_second_refresh_compares_with_the_first(application: Application) -> None:
    await application.refresh_with("limit: 1", "limit: 2")
    await application.refresh_with("limit: 2", "limit: 1")
    await application.refresh()

    assert application.changed == [["shop.limit"], ["shop.limit"]]


async def test_configuration_without_sources_drops_all_refreshable_beans(
    start: Callable[..., Awaitable[ApplicationContext]],
) -> None:
    context = await start(ByValue, Unconfigured, config={"shop": {"limit": 4}})
    context.get_bean(ByValue), context.get_bean(Unconfigured)

    assert set(await context.get_bean(ContextRefresher).refresh()) == {"by-value", "unconfigured"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
async def test_refresh_that_is_cancelled_while_it_reads_changes_nothing(application: Application) -> None:
    context = application.context
    application.file.unlink()
    os.mkfifo(application.file)
    refreshing = asyncio.ensure_future(application.refresh())
    # It opens once there is a reader.
    pipe = await asyncio.wait_for(asyncio.to_thread(os.open, application.file, os.O_WRONLY), 10)

    refreshing.cancel()
    await asyncio.sleep(0)
    os.write(pipe, BEFORE.replace("limit: 1", "limit: 2").encode())
    os.close(pipe)
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(refreshing, 10)

    # The thread that has read is done by then.
    await asyncio.get_running_loop().shutdown_default_executor()
    assert context.config.get("shop.limit") == 1
    assert context.get_bean(ShopProperties).limit == 1
    assert application.changed == []

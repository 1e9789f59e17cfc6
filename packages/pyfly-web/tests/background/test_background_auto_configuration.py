# SPDX-License-Identifier: Apache-2.0
import asyncio
from typing import Any

import pytest

from pyfly.config.store import Config
from pyfly.container import service
from pyfly.context import ApplicationContext, pre_destroy
from pyfly.web.background import BackgroundWork, BackgroundWorkRefused


async def started(settings: dict[str, Any]) -> ApplicationContext:
    context = ApplicationContext(Config(settings))
    await context.start()
    return context


async def test_application_has_background_work() -> None:
    context = await started({})
    seen: list[int] = []

    context.get_bean(BackgroundWork).submit(seen.append, 1)
    await context.stop()

    assert seen == [1]


async def test_bounds_are_configured() -> None:
    context = await started({"pyfly.web.background": {"max-concurrent": 1, "max-pending": 0}})
    work = context.get_bean(BackgroundWork)
    end = asyncio.Event()

    work.submit(end.wait)
    with pytest.raises(BackgroundWorkRefused):
        work.submit(end.wait)

    end.set()
    await context.stop()


async def test_stop_waits_no_longer_than_configured() -> None:
    context = await started({"pyfly.web.background.drain-timeout": "10ms"})
    work = context.get_bean(BackgroundWork)

    work.submit(asyncio.Event().wait)
    await asyncio.wait_for(context.stop(), 5)

    assert work.accepted == 0


async def test_stop_waits_less_than_the_context_does() -> None:
    context = await started({"pyfly.context.shutdown-timeout": "30ms"})
    work = context.get_bean(BackgroundWork)

    work.submit(asyncio.Event().wait)
    await asyncio.wait_for(context.stop(), 5)

    assert work.accepted == 0


async def test_beans_that_work_uses_are_there_until_it_ends() -> None:
    log: list[str] = []
    go_on = asyncio.Event()

    @service
    class Outbox:
        async def send(self) -> None:
            await go_on.wait()
            log.append("sent")

        @pre_destroy
        def close(self) -> None:
            log.append("closed")

    context = ApplicationContext(Config({}))
    context.register_bean(Outbox)
    await context.start()
    context.get_bean(BackgroundWork).submit(context.get_bean(Outbox).send)
    stopping = asyncio.ensure_future(context.stop())
    go_on.set()
    await stopping

    assert log == ["sent", "closed"]


async def test_wait_that_the_context_would_cut_short_is_refused() -> None:
    settings = {"pyfly.web.background.drain-timeout": "30s", "pyfly.context.shutdown-timeout": "10s"}
    with pytest.raises(
        Exception,
        match=r"drain-timeout: expected less than pyfly\.context\.shutdown-timeout, which is 10s, got 30s",
    ):
        await started(settings)


@pytest.mark.parametrize("key", ["max-concurrent", "max-pending", "drain-timeout"])
async def test_bounds_below_zero_are_refused(key: str) -> None:
    with pytest.raises(Exception, match=f"pyfly.web.background.{key}"):
        await started({f"pyfly.web.background.{key}": -1})


async def test_background_work_of_the_application_takes_its_place() -> None:
    @service
    class OwnWork(BackgroundWork):
        def __init__(self) -> None:
            super().__init__(max_concurrent=2)

    context = ApplicationContext(Config({}))
    context.register_bean(OwnWork)
    await context.start()

    assert type(context.get_bean(BackgroundWork)) is OwnWork
    await context.stop()


async def test_it_is_left_out_with_the_web_layer() -> None:
    context = await started({"pyfly.web.enabled": False})

    assert context.container.instances_of(BackgroundWork) == []
    await context.stop()

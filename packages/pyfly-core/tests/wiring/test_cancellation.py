# SPDX-License-Identifier: Apache-2.0
"""Whenever a start or a stop is cancelled, everything that came up goes down again, once."""

import asyncio
import logging
import socket
from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from pyfly.container import BeanCreationException, bean, component, configuration, service
from pyfly.context import (
    ApplicationContext,
    ApplicationReadyEvent,
    ContextClosedEvent,
    ContextRefreshedEvent,
    app_event_listener,
    post_construct,
    pre_destroy,
)

MakeContext = Callable[..., ApplicationContext]


class Checkpoints:
    """The places where the beans below wait; the one of the chosen number waits for its release."""

    def __init__(self, halt_at: int = 0) -> None:
        self.passed = 0
        self.halt_at = halt_at
        self.reached = asyncio.Event()
        self.released = asyncio.Event()

    async def here(self) -> None:
        self.passed += 1
        if self.passed == self.halt_at:
            self.reached.set()
            await self.released.wait()
        else:
            await asyncio.sleep(0)


class World:
    """What beans have opened and closed."""

    def __init__(self, halt_at: int = 0) -> None:
        self.checkpoints = Checkpoints(halt_at)
        self.up: Counter[str] = Counter()
        self.down: Counter[str] = Counter()
        self.sockets: list[socket.socket] = []

    def beans(self) -> list[type]:
        world, here = self, self.checkpoints.here

        class Pool: ...

        class Client:
            @pre_destroy
            async def close(self) -> None:
                world.down["client"] += 1
                await here()

        @configuration
        class Storage:
            @bean
            async def pool(self) -> AsyncIterator[Pool]:
                world.up["pool"] += 1
                try:
                    await here()
                    yield Pool()
                finally:
                    world.down["pool"] += 1
                    await here()

            @bean
            async def client(self, pool: Pool) -> Client:
                await here()
                world.up["client"] += 1
                return Client()

        @service
        class Cache:
            def __init__(self, client: Client) -> None: ...

            @post_construct
            async def fill(self) -> None:
                world.up["cache"] += 1
                await here()

            @post_construct
            async def warm(self) -> None:
                await here()

            @pre_destroy
            async def empty(self) -> None:
                world.down["cache"] += 1
                await here()

        @service
        class Acceptor:
            def __init__(self, cache: Cache) -> None: ...

            async def start(self) -> None:
                world.up["acceptor"] += 1
                await here()
                listener = socket.create_server(("127.0.0.1", 0))
                world.sockets.append(listener)
                await here()

            async def stop(self) -> None:
                world.down["acceptor"] += 1
                await here()
                for opened in world.sockets:
                    opened.close()

        @service
        class Worker:
            def __init__(self, cache: Cache) -> None:
                self.task: asyncio.Task[bool] | None = None

            async def start(self) -> None:
                world.up["worker"] += 1
                self.task = asyncio.create_task(asyncio.Event().wait())
                await here()

            async def stop(self) -> None:
                world.down["worker"] += 1
                assert self.task is not None
                self.task.cancel()
                await asyncio.wait([self.task])
                await here()

        @service
        class Gate:
            phase = 10

            async def start(self) -> None:
                world.up["gate"] += 1
                await here()

            async def stop(self) -> None:
                world.down["gate"] += 1
                await here()

        @component
        class Announcer:
            @app_event_listener
            async def refreshed(self, event: ContextRefreshedEvent) -> None:
                await here()

            @app_event_listener
            async def ready(self, event: ApplicationReadyEvent) -> None:
                await here()

            @app_event_listener
            async def closed(self, event: ContextClosedEvent) -> None:
                await here()

        @component
        class Methods:
            wiring_key = "methods"

            async def before_start(self, context: Any) -> None:
                await here()

            async def wire(self, context: Any) -> int:
                await here()
                return 1

        return [Storage, Cache, Acceptor, Worker, Gate, Announcer, Methods]

    def assert_all_down(self) -> None:
        assert asyncio.all_tasks() == {asyncio.current_task()}
        assert self.down == self.up
        assert all(count == 1 for count in self.down.values())
        assert [opened.fileno() for opened in self.sockets] == [-1] * len(self.sockets)


async def count_checkpoints(make_context: MakeContext) -> tuple[int, int]:
    world = World()
    context = make_context(*world.beans())
    await context.start()
    in_start = world.checkpoints.passed
    await context.stop()
    world.assert_all_down()
    return in_start, world.checkpoints.passed


async def cancel_at_checkpoint(world: World, action: Any, *, again: bool = False) -> None:
    """Run an action, cancel it at the chosen checkpoint, and see that it ends cancelled."""
    async with asyncio.timeout(5):
        task = asyncio.create_task(action)
        await world.checkpoints.reached.wait()
        task.cancel()
        await asyncio.sleep(0)
        if again:
            task.cancel()
            await asyncio.sleep(0)

        world.checkpoints.released.set()
        with pytest.raises(asyncio.CancelledError):
            await task

    assert task.cancelled()


@pytest.mark.parametrize("again", [False, True], ids=["once", "twice"])
async def test_start_cancelled_at_every_await(make_context: MakeContext, again: bool) -> None:
    in_start, _ = await count_checkpoints(make_context)
    assert in_start == 12

    for place in range(1, in_start + 1):
        world = World(halt_at=place)
        context = make_context(*world.beans())

        await cancel_at_checkpoint(world, context.start(), again=again)

        world.assert_all_down()


@pytest.mark.parametrize("again", [False, True], ids=["once", "twice"])
async def test_stop_cancelled_at_every_await(make_context: MakeContext, again: bool) -> None:
    in_start, in_all = await count_checkpoints(make_context)
    assert in_all - in_start >= 7

    for place in range(in_start + 1, in_all + 1):
        world = World(halt_at=place)
        context = make_context(*world.beans())
        await context.start()

        await cancel_at_checkpoint(world, context.stop(), again=again)

        world.assert_all_down()
        await context.stop()
        world.assert_all_down()


async def test_rollback_of_a_cancelled_start_goes_on_when_it_is_cancelled_again(
    make_context: MakeContext,
) -> None:
    in_start, in_all = await count_checkpoints(make_context)

    for place in range(in_start + 1, in_all):
        world = World(halt_at=place)

        @service
        class LastOne:
            phase = 20

            async def start(self, world: World = world) -> None:
                raise asyncio.CancelledError

            async def stop(self) -> None: ...

        context = make_context(*world.beans(), LastOne)
        task = asyncio.create_task(context.start())
        waiting = asyncio.create_task(world.checkpoints.reached.wait())
        async with asyncio.timeout(5):
            await asyncio.wait([task, waiting], return_when=asyncio.FIRST_COMPLETED)
            waiting.cancel()
            task.cancel()
            await asyncio.sleep(0)
            world.checkpoints.released.set()
            await asyncio.wait([task, waiting])

        assert task.cancelled()
        world.assert_all_down()


async def test_start_that_misses_a_deadline_is_rolled_back(make_context: MakeContext) -> None:
    world = World(halt_at=8)
    context = make_context(*world.beans())

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05):
            await context.start()

    world.assert_all_down()


async def test_stop_from_another_task_gives_up_a_start_at_every_await(make_context: MakeContext) -> None:
    in_start, _ = await count_checkpoints(make_context)

    for place in range(1, in_start + 1):
        world = World(halt_at=place)
        context = make_context(*world.beans())
        starting = asyncio.create_task(context.start())
        async with asyncio.timeout(5):
            await world.checkpoints.reached.wait()
            await context.stop()

        world.assert_all_down()
        assert starting.cancelled()


async def test_stop_by_a_bean_that_the_start_waits_for_is_refused(make_context: MakeContext) -> None:
    world = World()

    @service
    class Hasty:
        phase = 20

        def __init__(self, context: ApplicationContext) -> None:
            self.context = context

        async def start(self) -> None:
            await self.context.stop()

        async def stop(self) -> None: ...

    context = make_context(*world.beans(), Hasty)

    with pytest.raises(BeanCreationException, match=r"stop\(\) is called while the same task starts"):
        await context.start()

    world.assert_all_down()


@pytest.mark.parametrize("limit", ["50ms", "PT0.05S", 0.05])
async def test_limit_of_a_step_is_any_duration(make_context: MakeContext, limit: object) -> None:
    hanging = Hanging()
    context = make_context(*hanging.beans("broker"), **{"shutdown-timeout": limit})
    await context.start()

    async with asyncio.timeout(5):
        await context.stop()

    assert hanging.ended == ["listener", "cache", "channel", "pool"]


class Hanging:
    """A bean with one end that never comes."""

    def __init__(self) -> None:
        self.ended: list[str] = []

    def beans(self, hangs_in: str) -> list[type]:
        ended = self.ended

        async def end(name: str) -> None:
            if name == hangs_in:
                await asyncio.Event().wait()

            ended.append(name)

        class Pool: ...

        class Channel: ...

        @configuration
        class Storage:
            @bean
            async def pool(self) -> AsyncIterator[Pool]:
                yield Pool()
                await end("pool")

            @bean
            async def channel(self, pool: Pool) -> AsyncIterator[Channel]:
                yield Channel()
                await end("channel")

        @service
        class Cache:
            def __init__(self, channel: Channel) -> None: ...

            @pre_destroy
            async def empty(self) -> None:
                await end("cache")

        @service
        class Broker:
            def __init__(self, cache: Cache) -> None: ...

            async def start(self) -> None: ...

            async def stop(self) -> None:
                await end("broker")

            @app_event_listener
            async def closed(self, event: ContextClosedEvent) -> None:
                await end("listener")

        return [Storage, Cache, Broker]


@pytest.mark.parametrize(
    ("hangs_in", "warning", "fact"),
    [
        ("listener", "context_closed_event_timeout", {}),
        ("broker", "adapter_stop_timeout", {"adapter": "Broker"}),
        ("cache", "pre_destroy_timeout", {"bean": "Cache"}),
        ("channel", "bean_cleanup_timeout", {"bean": "Storage.channel()"}),
        ("pool", "bean_cleanup_timeout", {"bean": "Storage.pool()"}),
    ],
)
async def test_step_that_hangs_is_cut_off_and_the_rest_still_runs(
    make_context: MakeContext,
    caplog: pytest.LogCaptureFixture,
    hangs_in: str,
    warning: str,
    fact: dict[str, str],
) -> None:
    hanging = Hanging()
    context = make_context(*hanging.beans(hangs_in), **{"shutdown-timeout": 0.05})
    await context.start()

    async with asyncio.timeout(5):
        await context.stop()

    assert asyncio.all_tasks() == {asyncio.current_task()}
    everything = ["listener", "broker", "cache", "channel", "pool"]
    assert hanging.ended == [name for name in everything if name != hangs_in]
    [record] = [it for it in caplog.records if it.levelno >= logging.WARNING]
    assert record.message == warning
    assert vars(record) | fact == vars(record)
    assert vars(record)["timeout_s"] == 0.05


async def test_whole_stop_keeps_to_its_budget(make_context: MakeContext) -> None:
    hanging = Hanging()
    context = make_context(*hanging.beans("listener"))
    await context.start()

    async with asyncio.timeout(5):
        await context.stop(timeout=0.05)

    assert hanging.ended == ["broker", "cache", "channel", "pool"]

# SPDX-License-Identifier: Apache-2.0
"""A context that has ended leaves nothing behind, however often one is started and stopped."""

import asyncio
import gc
import os
import socket
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

import pytest

from pyfly.container import (
    BeanCreationException,
    Provider,
    Scope,
    bean,
    component,
    configuration,
    lazy,
    service,
)
from pyfly.context import (
    ApplicationContext,
    ContextClosedEvent,
    ContextRefreshedEvent,
    RequestContext,
    app_event_listener,
    post_construct,
    pre_destroy,
)

MakeContext = Callable[..., ApplicationContext]

ROUNDS = 1000
WARM_UP = 200
# 800 rounds that each left one object, or one block of memory, would be far beyond this.
MOST_NEW_OBJECTS = 100
MOST_NEW_BLOCKS = 400


class Pool: ...


class Session: ...


@configuration
class Storage:
    @bean
    async def pool(self) -> AsyncIterator[Pool]:
        left, right = socket.socketpair()
        yield Pool()
        left.close()
        right.close()

    @bean(scope=Scope.REQUEST)
    def session(self) -> Iterator[Session]:
        with open(os.devnull):
            yield Session()


@component(scope=Scope.REQUEST)
class Visitor:
    def __init__(self, session: Session) -> None:
        self.session = session

    @pre_destroy
    def leave(self) -> None:
        del self.session


@component
class Tracing:
    def before_init(self, bean: Any, bean_name: str) -> Any:
        return bean

    def after_init(self, bean: Any, bean_name: str) -> Any:
        return bean


@lazy
@service
class Reports:
    def __init__(self, pool: Pool) -> None:
        self.pool = pool

    @post_construct
    async def load(self) -> None:
        await asyncio.sleep(0)


@service
class Worker:
    def __init__(self, pool: Pool, visitor: Provider[Visitor]) -> None:
        self.visitor = visitor
        self.task: asyncio.Task[bool] | None = None

    async def start(self) -> None:
        self.task = asyncio.create_task(asyncio.Event().wait())

    async def stop(self) -> None:
        assert self.task is not None
        self.task.cancel()
        await asyncio.wait([self.task])

    @app_event_listener
    def refreshed(self, event: ContextRefreshedEvent) -> None: ...

    @app_event_listener
    async def closed(self, event: ContextClosedEvent) -> None: ...


@service
class Unlucky:
    def __init__(self, worker: Worker) -> None: ...

    async def start(self) -> None:
        raise OSError("port 5672 is in use")

    async def stop(self) -> None: ...


def traces() -> tuple[int, int, int]:
    return len(asyncio.all_tasks()), len(os.listdir("/proc/self/fd")), threading.active_count()


def memory() -> tuple[int, int]:
    gc.collect()
    return len(gc.get_objects()), sys.getallocatedblocks()


async def assert_no_growth(round_: Callable[[], Awaitable[None]], rounds: int) -> None:
    for _ in range(WARM_UP):
        await round_()

    traces_before, (objects_before, blocks_before) = traces(), memory()
    for _ in range(rounds - WARM_UP):
        await round_()

    objects, blocks = memory()
    assert traces() == traces_before
    assert objects - objects_before < MOST_NEW_OBJECTS
    assert blocks - blocks_before < MOST_NEW_BLOCKS


async def test_a_thousand_starts_and_stops_leave_nothing(make_context: MakeContext) -> None:
    async def round_() -> None:
        context = make_context(Storage, Visitor, Tracing, Reports, Worker)
        await context.start()
        await context.aget_bean(Reports)
        async with RequestContext.scope():
            assert context.get_bean(Worker).visitor.get().session is context.get_bean(Session)

        await context.stop()

    await assert_no_growth(round_, ROUNDS)


async def test_starts_that_fail_leave_nothing(make_context: MakeContext) -> None:
    async def round_() -> None:
        context = make_context(Storage, Visitor, Tracing, Worker, Unlucky)
        with pytest.raises(BeanCreationException):
            await context.start()

    await assert_no_growth(round_, 600)


async def test_requests_leave_nothing(make_context: MakeContext) -> None:
    context = make_context(Storage, Visitor, Worker)
    await context.start()

    async def round_() -> None:
        async with RequestContext.scope():
            context.get_bean(Visitor)

    await assert_no_growth(round_, ROUNDS)
    await context.stop()

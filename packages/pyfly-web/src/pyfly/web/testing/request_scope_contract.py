# SPDX-License-Identifier: Apache-2.0
"""What belongs to one request, and handlers that are plain functions."""

import asyncio
import threading
from contextvars import ContextVar
from typing import Any

from pyfly.container.stereotypes import rest_controller, service
from pyfly.container.types import Scope
from pyfly.context.request_context import RequestContext
from pyfly.web.mappings import get_mapping, post_mapping, request_mapping
from pyfly.web.params import Body, PathVar
from pyfly.web.testing.adapter_hooks import AdapterHooks

WAITING: ContextVar[str] = ContextVar("waiting", default="unset")


@service(scope=Scope.REQUEST)
class Basket:
    def __init__(self) -> None:
        self.items: list[str] = []


@service(scope=Scope.REQUEST)
class Counter:
    def __init__(self, basket: Basket) -> None:
        self.basket = basket

    def add(self, item: str) -> None:
        self.basket.items.append(item)


@rest_controller(scope=Scope.REQUEST)
@request_mapping("/basket")
class BasketController:
    def __init__(self, basket: Basket, counter: Counter) -> None:
        self.basket = basket
        self.counter = counter

    @post_mapping()
    async def add(self, items: Body[list[str]]) -> list[str]:
        for item in items:
            self.counter.add(item)

        return self.basket.items


@rest_controller
@request_mapping("/scope")
class ScopeController:
    def __init__(self) -> None:
        self.calls = 0

    @get_mapping("/calls")
    async def count(self) -> int:
        self.calls += 1
        return self.calls

    @get_mapping("/context")
    async def context(self, context: RequestContext) -> str:
        return context.request_id

    @get_mapping("/current")
    async def current(self) -> str:
        context = RequestContext.current()
        assert context is not None
        return context.request_id

    @get_mapping("/thread")
    def thread(self) -> dict[str, Any]:
        context = RequestContext.current()
        assert context is not None
        return {"thread": threading.get_ident(), "request": context.request_id}

    @get_mapping("/loop")
    async def loop(self) -> int:
        return threading.get_ident()

    @get_mapping("/variable/{value}")
    async def variable(self, value: PathVar[str]) -> list[str]:
        before = WAITING.get()
        WAITING.set(value)
        await asyncio.sleep(0)
        return [before, WAITING.get()]


@rest_controller
@request_mapping("/meeting")
class MeetingController:
    def __init__(self) -> None:
        self.opened = threading.Event()
        self.waiting = 0
        self.all_there = asyncio.Event()

    @get_mapping("/wait")
    def wait(self) -> bool:
        return self.opened.wait(5)

    @get_mapping("/open")
    async def open(self) -> None:
        self.opened.set()

    @get_mapping("/meet/{name}")
    async def meet(self, name: PathVar[str], context: RequestContext) -> list[str]:
        context.set("name", name)
        self.waiting += 1
        if self.waiting == 10:
            self.all_there.set()

        await self.all_there.wait()
        current = RequestContext.current()
        assert current is not None
        return [name, str(current.get("name")), current.request_id]


class RequestScopeContract(AdapterHooks):
    """Each request has its own context; plain methods run in worker threads and see it."""

    async def test_singleton_controller_is_kept(self) -> None:
        async with self.serving(ScopeController) as client:
            answers = [(await client.get("/scope/calls")).json() for _ in range(3)]

        assert answers == [1, 2, 3]

    async def test_beans_of_one_request_are_shared_within_it(self) -> None:
        async with self.serving(Basket, Counter, BasketController) as client:
            assert (await client.post("/basket", json=["a", "b"])).json() == ["a", "b"]

    async def test_beans_of_one_request_are_not_seen_by_the_next(self) -> None:
        async with self.serving(Basket, Counter, BasketController) as client:
            await client.post("/basket", json=["a"])
            assert (await client.post("/basket", json=["b"])).json() == ["b"]

    async def test_request_context_is_injected(self) -> None:
        async with self.serving(ScopeController) as client:
            answer = await client.get("/scope/context", headers={"x-request-id": "r-1"})

        assert answer.json() == "r-1"

    async def test_request_context_is_found_from_anywhere(self) -> None:
        async with self.serving(ScopeController) as client:
            answer = await client.get("/scope/current", headers={"x-request-id": "r-1"})

        assert answer.json() == "r-1"

    async def test_request_context_ends_with_the_request(self) -> None:
        async with self.serving(ScopeController) as client:
            await client.get("/scope/current")
            assert RequestContext.current() is None

    async def test_plain_method_runs_in_a_thread_with_the_context(self) -> None:
        async with self.serving(ScopeController) as client:
            answer = await client.get("/scope/thread", headers={"x-request-id": "r-1"})
            loop = await client.get("/scope/loop")

        assert answer.json()["request"] == "r-1"
        assert answer.json()["thread"] != threading.get_ident()
        assert loop.json() == threading.get_ident()

    async def test_plain_method_that_waits_does_not_hold_up_others(self) -> None:
        async with self.serving(MeetingController) as client:
            waiting = asyncio.ensure_future(client.get("/meeting/wait"))
            await client.get("/meeting/open")
            answer = await waiting

        assert answer.json() is True

    async def test_requests_at_the_same_time_do_not_mix(self) -> None:
        names = [f"n{number}" for number in range(10)]
        async with self.serving(MeetingController) as client:
            answers = await asyncio.gather(
                *(
                    client.get(f"/meeting/meet/{name}", headers={"x-request-id": f"r-{name}"})
                    for name in names
                )
            )

        assert [answer.json() for answer in answers] == [[name, name, f"r-{name}"] for name in names]
        assert [answer.header("x-request-id") for answer in answers] == [f"r-{name}" for name in names]

# SPDX-License-Identifier: Apache-2.0
"""Many threads and tasks at once: one bean, no deadlock."""

import asyncio
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from pyfly.container import (
    BeanCreationException,
    BeanCurrentlyInCreationError,
    Container,
    Provider,
    Scope,
    bean,
    configuration,
    lazy,
    service,
)
from pyfly.context import ApplicationContext, RequestContext, post_construct

MakeContext = Callable[..., ApplicationContext]

THREADS = 16
DEADLINE = 10.0


@pytest.fixture
def eager_switching() -> Iterator[None]:
    usual = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(usual)


def from_all_threads(action: Callable[[], Any]) -> list[Any]:
    """Run an action in all threads at the same time."""
    gate = threading.Barrier(THREADS)

    def run() -> Any:
        gate.wait(DEADLINE)
        return action()

    with ThreadPoolExecutor(THREADS) as pool:
        return [future.result(DEADLINE) for future in [pool.submit(run) for _ in range(THREADS)]]


@pytest.mark.usefixtures("eager_switching")
class TestThreads:
    async def test_lazy_singleton_is_created_once(self, make_context: MakeContext) -> None:
        made: list[object] = []

        @lazy
        @service
        class Index:
            def __init__(self) -> None:
                self.words = {str(number): number for number in range(2000)}
                made.append(self)

            @post_construct
            def load(self) -> None:
                self.words["loaded"] = 1

        context = make_context(Index)
        await context.start()

        found = await asyncio.to_thread(from_all_threads, lambda: context.get_bean(Index))

        assert len(made) == 1
        assert found == made * THREADS
        await context.stop()

    def test_graph_that_all_threads_compile_is_created_once(self) -> None:
        for _ in range(20):
            container, made = Container(), []

            class A:
                def __init__(self, made: list[object] = made) -> None:
                    made.append(self)

            class B:
                def __init__(self, a: A) -> None:
                    self.a = a

            class C:
                def __init__(self, a: A, b: B) -> None:
                    self.a, self.b = a, b

            class D:
                def __init__(self, b: B, c: C) -> None:
                    self.b, self.c = b, c

            container.register(A)
            container.register(B)
            container.register(C, scope=Scope.TRANSIENT)
            container.register(D, scope=Scope.TRANSIENT)

            found = from_all_threads(lambda container=container: container.resolve(D))

            assert len(made) == 1
            assert len(set(map(id, found))) == THREADS
            assert {id(it.b) for it in found} == {id(container.resolve(B))}
            assert all(it.c.a is made[0] and it.c.b is it.b for it in found)

    def test_opposite_orders_do_not_block_each_other(self) -> None:
        for _ in range(20):
            container = Container()

            class A: ...

            class B: ...

            class Left:
                def __init__(self, a: A, b: B) -> None: ...

            class Right:
                def __init__(self, b: B, a: A) -> None: ...

            for cls in (A, B, Left, Right):
                container.register(cls)

            places = iter(range(THREADS))
            found = from_all_threads(
                lambda container=container, places=places: container.resolve(
                    Left if next(places) % 2 else Right
                )
            )

            assert len(set(map(id, found))) == 2

    def test_registering_while_others_resolve(self) -> None:
        container = Container()

        class Known: ...

        container.register(Known)
        extra = [type(f"Extra{number}", (Known,), {}) for number in range(THREADS)]
        left = list(extra)

        def register_and_resolve() -> Any:
            mine = left.pop()
            container.register(mine)
            return mine, container.resolve(mine), container.resolve(Known)

        found = from_all_threads(register_and_resolve)

        assert all(type(bean) is cls for cls, bean, _ in found)
        assert len({id(known) for _, _, known in found}) == 1
        assert len(container.resolve_all(Known)) == THREADS + 1

    def test_request_bean_shared_by_threads_is_created_once(self) -> None:
        container, made = Container(), []

        class Visitor:
            def __init__(self, made: list[object] = made) -> None:
                made.append(self)

        container.register(Visitor, scope=Scope.REQUEST)
        with RequestContext.scope() as context:

            def resolve() -> Any:
                from pyfly.container.request_storage import current_request

                current_request.set(context)
                return container.resolve(Visitor)

            found = from_all_threads(resolve)

        assert found == made * THREADS
        assert len(made) == 1


class Pool: ...


class Trouble:
    """A factory whose first calls can be held up or made to fail."""

    def __init__(self) -> None:
        self.calls = 0
        self.entered = asyncio.Event()
        self.go_on = asyncio.Event()
        self.fail_first = False

    async def make(self) -> Pool:
        self.calls += 1
        first = self.calls == 1
        self.entered.set()
        await self.go_on.wait()
        if first and self.fail_first:
            raise ConnectionError("no answer")

        return Pool()


async def context_with(trouble: Trouble, make_context: MakeContext, **marks: Any) -> ApplicationContext:
    @configuration
    class Storage:
        @lazy
        @bean(**marks)
        async def pool(self) -> Pool:
            return await trouble.make()

    context = make_context(Storage)
    await context.start()
    return context


class TestTasks:
    async def test_fifty_tasks_get_one_bean(self, make_context: MakeContext) -> None:
        trouble = Trouble()
        context = await context_with(trouble, make_context)
        async with asyncio.timeout(DEADLINE), asyncio.TaskGroup() as group:
            tasks = [group.create_task(context.aget_bean(Pool)) for _ in range(50)]
            await trouble.entered.wait()
            trouble.go_on.set()

        assert trouble.calls == 1
        assert {task.result() for task in tasks} == {context.get_bean(Pool)}
        await context.stop()

    async def test_next_one_creates_when_the_first_fails(self, make_context: MakeContext) -> None:
        trouble = Trouble()
        trouble.fail_first = True
        context = await context_with(trouble, make_context)
        async with asyncio.timeout(DEADLINE):
            tasks = [asyncio.create_task(context.aget_bean(Pool)) for _ in range(50)]
            await trouble.entered.wait()
            trouble.go_on.set()
            outcomes = await asyncio.gather(*tasks, return_exceptions=True)

        assert trouble.calls == 2
        assert [type(it) for it in outcomes if not isinstance(it, Pool)] == [ConnectionError]
        assert len({it for it in outcomes if isinstance(it, Pool)}) == 1
        await context.stop()

    async def test_next_one_creates_when_the_first_is_cancelled(self, make_context: MakeContext) -> None:
        trouble = Trouble()
        context = await context_with(trouble, make_context)
        async with asyncio.timeout(DEADLINE):
            first = asyncio.create_task(context.aget_bean(Pool))
            await trouble.entered.wait()
            others = [asyncio.create_task(context.aget_bean(Pool)) for _ in range(49)]
            await asyncio.sleep(0)
            first.cancel()
            trouble.go_on.set()
            outcomes = await asyncio.gather(*others)

        assert first.cancelled()
        assert trouble.calls == 2
        assert len(set(outcomes)) == 1
        await context.stop()

    async def test_waiting_ones_that_are_cancelled_do_not_disturb_the_creator(
        self, make_context: MakeContext
    ) -> None:
        trouble = Trouble()
        context = await context_with(trouble, make_context)
        async with asyncio.timeout(DEADLINE):
            first = asyncio.create_task(context.aget_bean(Pool))
            await trouble.entered.wait()
            others = [asyncio.create_task(context.aget_bean(Pool)) for _ in range(49)]
            await asyncio.sleep(0)
            for task in others:
                task.cancel()

            await asyncio.wait(others)
            trouble.go_on.set()
            made = await first

        assert trouble.calls == 1
        assert context.get_bean(Pool) is made
        await context.stop()

    async def test_each_request_has_its_own_creation(self, make_context: MakeContext) -> None:
        trouble = Trouble()
        context = await context_with(trouble, make_context, scope=Scope.REQUEST)

        async def handle() -> tuple[Pool, ...]:
            async with RequestContext.scope():
                return tuple(await asyncio.gather(*(context.aget_bean(Pool) for _ in range(5))))

        async with asyncio.timeout(DEADLINE), asyncio.TaskGroup() as group:
            requests = [group.create_task(handle()) for _ in range(10)]
            await trouble.entered.wait()
            trouble.go_on.set()

        pools = [set(request.result()) for request in requests]
        assert [len(mine) for mine in pools] == [1] * 10
        assert len(set.union(*pools)) == 10
        assert trouble.calls == 10
        await context.stop()

    async def test_tasks_that_would_wait_for_each_other_learn_of_the_circle(
        self, make_context: MakeContext
    ) -> None:
        both = asyncio.Barrier(2)

        class Left: ...

        class Right: ...

        @configuration
        class Sides:
            @lazy
            @bean
            async def left(self, right: Provider[Right]) -> Left:
                await both.wait()
                await right.aget()
                return Left()

            @lazy
            @bean
            async def right(self, left: Provider[Left]) -> Right:
                await both.wait()
                await left.aget()
                return Right()

        context = make_context(Sides)
        await context.start()

        async with asyncio.timeout(DEADLINE):
            first = asyncio.create_task(context.aget_bean(Left))
            second = asyncio.create_task(context.aget_bean(Right))
            await asyncio.wait([first, second], return_when=asyncio.FIRST_COMPLETED)
            done = first if first.done() else second
            (second if done is first else first).cancel()
            outcomes = await asyncio.gather(first, second, return_exceptions=True)

        assert any(isinstance(it, BeanCurrentlyInCreationError) for it in outcomes)
        await context.stop()

    async def test_task_that_a_bean_starts_may_ask_for_another_of_its_kind(
        self, make_context: MakeContext
    ) -> None:
        class Job:
            def __init__(self, jobs: Provider["Job"]) -> None:
                self.jobs = jobs
                self.next: asyncio.Task[Job] | None = None

        @configuration
        class Jobs:
            @bean(scope=Scope.TRANSIENT)
            async def job(self, container: Container) -> Job:
                job = Job(Provider(container, Job))
                job.next = asyncio.create_task(self.follow(job)) if first else None
                first.clear()
                return job

            async def follow(self, job: Job) -> Job:
                return await job.jobs.aget()

        first = [True]
        context = make_context(Jobs)
        await context.start()

        async with asyncio.timeout(DEADLINE):
            job = await context.aget_bean(Job)
            assert job.next is not None
            following = await job.next

        assert isinstance(following, Job)
        assert following is not job
        await context.stop()


class TestThreadsAndTasks:
    async def test_task_waits_for_a_bean_that_a_thread_creates(self, make_context: MakeContext) -> None:
        made: list[object] = []
        inside, go_on = threading.Event(), threading.Event()

        @lazy
        @service
        class Index:
            def __init__(self) -> None:
                inside.set()
                go_on.wait(DEADLINE)
                made.append(self)

        context = make_context(Index)
        await context.start()

        async with asyncio.timeout(DEADLINE):
            in_thread = asyncio.create_task(asyncio.to_thread(context.get_bean, Index))
            await asyncio.to_thread(inside.wait, DEADLINE)
            in_task = asyncio.create_task(context.aget_bean(Index))
            await asyncio.sleep(0)
            go_on.set()
            found = await asyncio.gather(in_thread, in_task)

        assert found == made * 2
        assert len(made) == 1
        await context.stop()

    async def test_thread_waits_for_a_bean_that_a_task_creates(self, make_context: MakeContext) -> None:
        trouble = Trouble()
        context = await context_with(trouble, make_context)

        async with asyncio.timeout(DEADLINE):
            in_task = asyncio.create_task(context.aget_bean(Pool))
            await trouble.entered.wait()
            in_threads = [asyncio.create_task(asyncio.to_thread(context.get_bean, Pool)) for _ in range(3)]
            await asyncio.sleep(0)
            trouble.go_on.set()
            found = await asyncio.gather(in_task, *in_threads)

        assert trouble.calls == 1
        assert len(set(found)) == 1
        await context.stop()

    async def test_loop_itself_cannot_wait_without_awaiting(self, make_context: MakeContext) -> None:
        trouble = Trouble()
        context = await context_with(trouble, make_context)

        async with asyncio.timeout(DEADLINE):
            in_task = asyncio.create_task(context.aget_bean(Pool))
            await trouble.entered.wait()
            with pytest.raises(BeanCreationException, match="it is being created asynchronously"):
                context.get_bean(Pool)

            trouble.go_on.set()
            assert await in_task is context.get_bean(Pool)

        await context.stop()

    async def test_loops_of_several_threads_get_one_bean(self, make_context: MakeContext) -> None:
        entered = threading.Event()
        made: list[object] = []

        class Directory: ...

        @configuration
        class Directories:
            @bean
            @lazy
            async def directory(self) -> Directory:
                entered.set()
                # The other loop is asked to wait meanwhile.
                await asyncio.to_thread(asked.wait, DEADLINE)
                made.append(Directory())
                return made[-1]

        asked = threading.Event()
        context = make_context(Directories)
        await context.start()

        async def ask_second() -> Directory:
            await asyncio.to_thread(entered.wait, DEADLINE)
            asking = asyncio.ensure_future(context.aget_bean(Directory))
            asked.set()
            return await asking

        first = asyncio.to_thread(asyncio.run, context.aget_bean(Directory))
        second = asyncio.to_thread(asyncio.run, ask_second())
        found = await asyncio.wait_for(asyncio.gather(first, second), DEADLINE)

        assert len(made) == 1
        assert found[0] is found[1] is made[0]
        await context.stop()

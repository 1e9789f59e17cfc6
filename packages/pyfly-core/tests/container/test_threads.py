# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import TypeVar

import pytest

from pyfly.container import BeanCurrentlyInCreationError, Container, Scope
from pyfly.context import RequestContext

T = TypeVar("T")

THREADS = 8


def together(action: Callable[[], T]) -> list[T]:
    """Do the same in several threads at once."""
    barrier = Barrier(THREADS)

    def act() -> T:
        barrier.wait(10)
        return action()

    with ThreadPoolExecutor(THREADS) as pool:
        futures = [pool.submit(act) for _ in range(THREADS)]
        return [future.result(30) for future in futures]


def test_singleton_is_made_once() -> None:
    made: list[int] = []

    class Leaf:
        def __init__(self) -> None:
            made.append(1)

    class Holder:
        def __init__(self, leaf: Leaf) -> None:
            self.leaf = leaf

    for _ in range(20):
        made.clear()
        container = Container()
        container.register(Leaf)
        container.register(Holder)
        holders = together(lambda container=container: container.resolve(Holder))  # type: ignore[misc]

        assert made == [1]
        assert len({id(holder) for holder in holders}) == 1


def test_threads_do_not_take_each_other_for_a_circle() -> None:
    class Leaf: ...

    class Left:
        def __init__(self, leaf: Leaf) -> None: ...

    class Right:
        def __init__(self, leaf: Leaf, left: Left) -> None: ...

    container = Container()
    for cls in (Leaf, Left, Right):
        container.register(cls, scope=Scope.TRANSIENT)

    results = together(lambda: [container.resolve(Right) for _ in range(200)])

    assert all(len({id(it) for it in beans}) == 200 for beans in results)


def test_slow_creation_does_not_hold_up_another_bean() -> None:
    began, may_end = Event(), Event()

    class Slow:
        def __init__(self) -> None:
            began.set()
            assert may_end.wait(10)

    class Quick: ...

    container = Container()
    container.register(Slow)
    container.register(Quick)
    with ThreadPoolExecutor(2) as pool:
        slow = pool.submit(container.resolve, Slow)
        try:
            assert began.wait(10)
            assert isinstance(pool.submit(container.resolve, Quick).result(5), Quick)
        finally:
            may_end.set()

        assert isinstance(slow.result(10), Slow)


def test_circle_is_found_in_every_thread() -> None:
    class Egg: ...

    class Chicken:
        def __init__(self, egg: Egg) -> None: ...

    class LaidEgg(Egg):
        def __init__(self, chicken: Chicken) -> None: ...

    container = Container()
    container.register(Chicken)
    container.register(LaidEgg)

    def meet_it() -> bool:
        with pytest.raises(BeanCurrentlyInCreationError):
            container.resolve(Chicken)

        return True

    assert all(together(meet_it))


def test_request_bean_is_made_once_per_request() -> None:
    class Cart: ...

    container = Container()
    container.register(Cart, scope=Scope.REQUEST)

    def handle() -> Cart:
        with RequestContext.scope():
            carts = {container.resolve(Cart) for _ in range(50)}
            assert len(carts) == 1
            return carts.pop()

    assert len(set(together(handle))) == THREADS


def test_counts_are_complete() -> None:
    class Leaf: ...

    container = Container()
    container.register(Leaf)
    container.resolve(Leaf)
    together(lambda: [container.resolve(Leaf) for _ in range(1000)])

    metrics = container.get_bean_metrics(Leaf)
    assert metrics is not None
    assert metrics.resolution_count == 1 + THREADS * 1000

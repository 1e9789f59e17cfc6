# SPDX-License-Identifier: Apache-2.0
import threading
from contextvars import copy_context

import pytest

from pyfly.container import Container, Provider, Scope
from pyfly.container.exceptions import BeanCurrentlyInCreationError
from pyfly.context import RequestContext


class Engine:
    pass


class Session:
    def __init__(self, engine: Engine) -> None:
        self.engine = engine


class Query:
    def __init__(self, session: Session) -> None:
        self.session = session


class Orders:
    def __init__(self, session: Session, query: Query, *, engine: Engine) -> None:
        self.session = session
        self.query = query
        self.engine = engine


class Root:
    def __init__(self, orders: Orders, session: Session, query: Query) -> None:
        self.orders = orders
        self.session = session
        self.query = query


@pytest.fixture
def container() -> Container:
    container = Container()
    container.register(Engine)
    container.register(Query, Scope.TRANSIENT)
    for cls in (Session, Orders, Root):
        container.register(cls, Scope.REQUEST)

    return container


def test_beans_of_one_request_share_what_they_need(container: Container):
    with RequestContext.scope():
        root = container.resolve(Root)

        assert container.resolve(Root) is root
        assert container.resolve(Session) is root.session

    assert root.orders.session is root.session is root.query.session
    assert root.orders.query is not root.query
    assert root.orders.engine is root.session.engine


def test_each_request_has_its_own(container: Container):
    roots = []
    for _ in range(3):
        with RequestContext.scope():
            roots.append(container.resolve(Root))

    assert len({id(root.session) for root in roots}) == len({id(root.orders) for root in roots}) == 3


def test_what_the_request_has_already_is_used(container: Container):
    with RequestContext.scope():
        session = container.resolve(Session)
        orders = container.resolve(Orders)
        root = container.resolve(Root)

    assert root.orders is orders
    assert root.session is orders.session is session


def test_bean_that_a_constructor_asks_for_is_not_made_twice():
    class Early:
        def __init__(self, session: Provider[Session]) -> None:
            self.session = session.get()

    class Late:
        def __init__(self, early: Early, session: Session) -> None:
            self.early = early
            self.session = session

    container = Container()
    container.register(Engine)
    for cls in (Session, Early, Late):
        container.register(cls, Scope.REQUEST)

    for _ in range(2):
        with RequestContext.scope():
            late = container.resolve(Late)

        assert late.early.session is late.session


def test_uses_are_counted(container: Container):
    for _ in range(5):
        with RequestContext.scope():
            container.resolve(Root)
            container.resolve(Root)

    counts = {cls: metrics.resolution_count for cls, metrics in container.get_all_metrics().items()}
    assert counts == {Root: 10, Orders: 5, Session: 20, Query: 10, Engine: 10}


def test_failed_constructor_leaves_nothing_of_itself_behind():
    failing = [True]

    class Fragile:
        def __init__(self, session: Session) -> None:
            if failing[0]:
                raise ConnectionError("no answer")

            self.session = session

    container = Container()
    container.register(Engine)
    for cls in (Session, Fragile):
        container.register(cls, Scope.REQUEST)

    with RequestContext.scope():
        with pytest.raises(ConnectionError, match="no answer"):
            container.resolve(Fragile)

        failing[0] = False

        assert container.resolve(Fragile).session is container.resolve(Session)


def test_circle_of_request_beans_is_refused():
    class Left:
        def __init__(self, right: "Right") -> None: ...

    class Right:
        def __init__(self, left: Left) -> None: ...

    Left.__init__.__annotations__["right"] = Right
    container = Container()
    container.register(Left, Scope.REQUEST)
    container.register(Right, Scope.REQUEST)

    with RequestContext.scope(), pytest.raises(BeanCurrentlyInCreationError):
        container.resolve(Left)


def test_threads_of_one_request_get_the_same_bean(container: Container):
    found: list[Root] = []
    start = threading.Barrier(8)

    def ask() -> None:
        start.wait(10)
        found.append(container.resolve(Root))

    with RequestContext.scope():
        threads = [threading.Thread(target=copy_context().run, args=(ask,)) for _ in range(8)]
        for thread in threads:
            thread.start()

        for thread in threads:
            thread.join(10)

    assert len(found) == 8
    assert len({id(root) for root in found}) == 1

# SPDX-License-Identifier: Apache-2.0
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyfly.container import (
    BeanCurrentlyInCreationError,
    Container,
    NoSuchBeanError,
    Provider,
    Scope,
    ScopeMismatchError,
)

Graph = tuple[int, list[list[int]], list[Scope]]


def build(
    container: Container, needs: list[list[int]], scopes: list[Scope], providers: bool = False
) -> list[type]:
    """Register one class per number; each takes the classes of the numbers that it needs."""
    classes = [type(f"Bean{number}", (), {}) for number in range(len(needs))]
    for number, cls in enumerate(classes):
        names = [f"p{needed}" for needed in needs[number]]
        namespace: dict[str, Any] = {}
        body = "; ".join(f"self.{name} = {name}" for name in names) or "pass"
        exec(f"def __init__({', '.join(['self', *names])}): {body}", namespace)  # a signature that varies
        namespace["__init__"].__annotations__ = {
            f"p{needed}": Provider[classes[needed]] if providers else classes[needed]  # type: ignore[valid-type]
            for needed in needs[number]
        }
        cls.__init__ = namespace["__init__"]  # type: ignore[misc]
        container.register(cls, scope=scopes[number])

    return classes


@st.composite
def acyclic(draw: st.DrawFn) -> Graph:
    size = draw(st.integers(1, 8))
    needs = [
        sorted(draw(st.sets(st.integers(number + 1, size - 1), max_size=3))) if number < size - 1 else []
        for number in range(size)
    ]
    scopes = draw(st.lists(st.sampled_from([Scope.SINGLETON, Scope.TRANSIENT]), min_size=size, max_size=size))
    return size, needs, scopes


@st.composite
def cyclic(draw: st.DrawFn) -> tuple[Graph, list[int]]:
    """Draw a graph with one circle through known beans, and more needs that may close others."""
    size, needs, scopes = draw(acyclic())
    circle = draw(st.lists(st.integers(0, size - 1), min_size=1, max_size=size, unique=True))
    for number, following in zip(circle, [*circle[1:], circle[0]], strict=True):
        needs[number] = sorted({*needs[number], following})

    return (size, needs, scopes), circle


@settings(max_examples=60, deadline=None)
@given(acyclic())
def test_acyclic_graphs_resolve_with_every_dependency_of_the_right_type(graph: Graph) -> None:
    size, needs, scopes = graph
    container = Container()
    classes = build(container, needs, scopes)

    assert container.check() == []
    singletons: dict[int, Any] = {}
    pending: list[tuple[int, Any]] = [(number, container.resolve(classes[number])) for number in range(size)]
    while pending:
        number, bean = pending.pop()
        assert type(bean) is classes[number]
        if scopes[number] is Scope.SINGLETON:
            assert singletons.setdefault(number, bean) is bean

        pending += [(needed, getattr(bean, f"p{needed}")) for needed in needs[number]]


@settings(max_examples=30, deadline=None)
@given(acyclic())
async def test_asynchronous_resolution_gives_the_same(graph: Graph) -> None:
    size, needs, scopes = graph
    container = Container()
    classes = build(container, needs, scopes)

    for number in range(size):
        bean: Any = await container.aresolve(classes[number])
        assert (bean is container.resolve(classes[number])) is (scopes[number] is Scope.SINGLETON)
        for needed in needs[number]:
            assert type(getattr(bean, f"p{needed}")) is classes[needed]


def assert_real_circle(
    error: BeanCurrentlyInCreationError, classes: list[type], needs: list[list[int]]
) -> None:
    numbers = [classes.index(cls) for cls in error.chain]
    assert error.current is error.chain[0]
    assert len(set(numbers)) == len(numbers)
    for number, following in zip(numbers, [*numbers[1:], numbers[0]], strict=True):
        assert following in needs[number]

    names = " -> ".join(cls.__name__ for cls in (*error.chain, error.current))
    assert f"Circular dependency: {names}" in str(error)


@settings(max_examples=60, deadline=None)
@given(cyclic(), st.data())
def test_circles_are_found_by_resolving_and_by_checking(
    drawn: tuple[Graph, list[int]], data: st.DataObject
) -> None:
    (_, needs, scopes), circle = drawn
    container = Container()
    classes = build(container, needs, scopes)

    with pytest.raises(BeanCurrentlyInCreationError) as caught:
        container.resolve(classes[data.draw(st.sampled_from(circle))])

    assert_real_circle(caught.value, classes, needs)
    problems = container.check()
    assert problems
    for problem in problems:
        assert isinstance(problem, BeanCurrentlyInCreationError)
        assert_real_circle(problem, classes, needs)


@settings(max_examples=30, deadline=None)
@given(cyclic())
async def test_circles_are_found_by_asynchronous_resolution(drawn: tuple[Graph, list[int]]) -> None:
    (_, needs, scopes), circle = drawn
    container = Container()
    classes = build(container, needs, scopes)

    with pytest.raises(BeanCurrentlyInCreationError) as caught:
        await container.aresolve(classes[circle[0]])

    assert_real_circle(caught.value, classes, needs)


@settings(max_examples=30, deadline=None)
@given(cyclic())
def test_providers_break_every_circle(drawn: tuple[Graph, list[int]]) -> None:
    (size, needs, scopes), _ = drawn
    container = Container()
    classes = build(container, needs, scopes, providers=True)

    assert container.check() == []
    for number in range(size):
        bean: Any = container.resolve(classes[number])
        assert all(type(getattr(bean, f"p{needed}").get()) is classes[needed] for needed in needs[number])


def test_nothing_lingers_after_an_error() -> None:
    class Missing: ...

    class Service:
        def __init__(self, missing: Missing) -> None: ...

    container = Container()
    container.register(Service)
    for _ in range(2):
        with pytest.raises(NoSuchBeanError):
            container.resolve(Service)

    container.register(Missing)
    assert isinstance(container.resolve(Service), Service)


def test_check_creates_nothing() -> None:
    class Costly:
        def __init__(self) -> None:
            raise AssertionError("created")

    container = Container()
    container.register(Costly)

    assert container.check() == []


def test_check_finds_captive_beans_and_unknown_scopes() -> None:
    class Cart: ...

    class Tenant: ...

    class Service:
        def __init__(self, cart: Cart) -> None: ...

    container = Container()
    container.register(Cart, scope=Scope.REQUEST)
    container.register(Service)
    container.register(Tenant, scope="tenant")

    problems = container.check()

    captive = next(it for it in problems if isinstance(it, ScopeMismatchError))
    assert (captive.holder, captive.held) == ("Service", "Cart")
    assert any("'tenant'" in str(it) for it in problems)


def test_check_of_some_reaches_what_they_need() -> None:
    class Missing: ...

    class Inner:
        def __init__(self, missing: Missing) -> None: ...

    class Outer:
        def __init__(self, inner: Inner) -> None: ...

    class Unrelated:
        def __init__(self, missing: Missing) -> None: ...

    container = Container()
    for cls in (Unrelated, Inner, Outer):
        container.register(cls)

    outer = container.get_registration(Outer)
    assert outer is not None
    problems = container.check([outer])

    assert [problem.provider for problem in problems] == ["Inner.__init__()"]
    assert "Outer -> Inner -> Missing ???" in str(problems[0])

# SPDX-License-Identifier: Apache-2.0
import time
from collections import Counter
from typing import Annotated, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from pyfly.container import Autowired, Container, Provider, Qualifier, Scope
from pyfly.context import RequestContext


class Leaf: ...


class Holder:
    def __init__(self, leaf: Leaf) -> None: ...


def test_none_until_first_resolved() -> None:
    container = Container()
    container.register(Leaf)

    assert container.get_bean_metrics(Leaf) is None
    assert container.get_bean_metrics(Holder) is None
    assert container.get_all_metrics() == {}


def test_creation_is_timed_once() -> None:
    container = Container()
    container.register(Leaf)
    before = time.time()

    container.resolve(Leaf)
    metrics = container.get_bean_metrics(Leaf)
    assert metrics is not None
    first = (metrics.creation_time_ns, metrics.created_at)
    container.resolve(Leaf)

    assert metrics.creation_time_ns > 0
    assert metrics.created_at is not None
    assert before <= metrics.created_at <= time.time()
    assert (metrics.creation_time_ns, metrics.created_at) == first


def test_use_as_a_dependency_counts_too() -> None:
    container = Container()
    container.register(Leaf)
    container.register(Holder, scope=Scope.TRANSIENT)
    for _ in range(3):
        container.resolve(Holder)

    container.resolve(Leaf)

    counts = {cls: metrics.resolution_count for cls, metrics in container.get_all_metrics().items()}
    assert counts == {Leaf: 4, Holder: 3}


def test_counts_survive_a_change_of_the_container() -> None:
    container = Container()
    container.register(Leaf)
    container.resolve(Leaf)
    container.register(Holder)
    container.resolve(Leaf)

    metrics = container.get_bean_metrics(Leaf)
    assert metrics is not None
    assert metrics.resolution_count == 2


async def test_asynchronous_resolves_count() -> None:
    container = Container()
    container.register(Leaf)
    await container.aresolve(Leaf)
    await container.aresolve(Leaf)

    metrics = container.get_bean_metrics(Leaf)
    assert metrics is not None
    assert metrics.resolution_count == 2


SCOPES = [Scope.SINGLETON, Scope.TRANSIENT, Scope.REQUEST]
FORMS = ["plain", "keyword", "optional", "list", "qualified", "field", "provider"]


@st.composite
def graphs(draw: st.DrawFn) -> list[tuple[Scope, list[tuple[int, str]]]]:
    """Draw beans as (scope, [(number of a later bean, form of injection)])."""
    size = draw(st.integers(1, 6))
    beans = []
    for number in range(size):
        later = st.integers(number + 1, size - 1)
        needs = (
            draw(st.lists(st.tuples(later, st.sampled_from(FORMS)), max_size=3)) if number < size - 1 else []
        )
        beans.append((draw(st.sampled_from(SCOPES)), needs))

    return beans


def build(container: Container, graph: list[tuple[Scope, list[tuple[int, str]]]]) -> list[type]:
    """Register the beans of a graph, the last one first."""
    classes: list[Any] = [None] * len(graph)
    for number in reversed(range(len(graph))):
        scope, needs = graph[number]
        attributes: dict[str, Any] = {"__annotations__": {}}
        positional: list[str] = []
        keyword: list[str] = []
        hints: dict[str, Any] = {}
        for index, (needed, form) in enumerate(needs):
            name = f"p{index}"
            cls: Any = classes[needed]
            hint = {
                "optional": cls | None,
                "list": list[cls],
                "qualified": Annotated[cls, Qualifier(f"bean{needed}")],
                "provider": Provider[cls],
            }.get(form, cls)
            if form == "field":
                attributes[name] = Autowired()
                attributes["__annotations__"][name] = hint
            else:
                hints[name] = hint
                (keyword if form == "keyword" else positional).append(name)

        signature = ", ".join(["self", *positional, *(["*", *keyword] if keyword else [])])
        namespace: dict[str, Any] = {}
        exec(f"def __init__({signature}): pass", namespace)  # a signature that varies
        namespace["__init__"].__annotations__ = hints
        classes[number] = type(f"Bean{number}", (), {"__init__": namespace["__init__"], **attributes})
        container.register(classes[number], scope=scope, name=f"bean{number}")

    return classes


class Counting:
    """Resolves the beans of a graph by the letter of the rules, and counts."""

    def __init__(self, graph: list[tuple[Scope, list[tuple[int, str]]]]) -> None:
        self.graph = graph
        self.counts: Counter[int] = Counter()
        self.singletons: set[int] = set()
        self.of_request: set[int] = set()

    def resolve(self, number: int) -> None:
        self.counts[number] += 1
        scope, needs = self.graph[number]
        kept = {Scope.SINGLETON: self.singletons, Scope.REQUEST: self.of_request}.get(scope)
        if kept is not None:
            if number in kept:
                return

            kept.add(number)

        for needed, form in needs:
            if form != "provider":
                self.resolve(needed)


@settings(max_examples=60, deadline=None)
@given(graphs(), st.data())
def test_counts_are_those_of_counting_by_hand(
    graph: list[tuple[Scope, list[tuple[int, str]]]], data: st.DataObject
) -> None:
    container = Container()
    classes = build(container, graph)
    expected = Counting(graph)

    for _ in range(data.draw(st.integers(1, 3))):
        expected.of_request.clear()
        with RequestContext.scope():
            for number in data.draw(st.lists(st.integers(0, len(graph) - 1), max_size=5)):
                container.resolve(classes[number])
                expected.resolve(number)

    counts = {cls: metrics.resolution_count for cls, metrics in container.get_all_metrics().items()}
    assert counts == {classes[number]: count for number, count in expected.counts.items()}

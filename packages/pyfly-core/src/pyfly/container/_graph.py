# SPDX-License-Identifier: Apache-2.0
"""The check of the whole graph, before the first bean is made."""

import inspect
from collections.abc import Iterable, Iterator

from pyfly.container._linker import Linker
from pyfly.container._links import PendingLink, SuppliedLink, dependencies
from pyfly.container._needs import CollectionNeed, MappingNeed
from pyfly.container._points import InjectionPoint
from pyfly.container._scopes import ScopeStores
from pyfly.container._type_names import type_name
from pyfly.container.exceptions import (
    BeanCreationException,
    BeanCurrentlyInCreationError,
    InjectionPointError,
    ResolutionError,
    ScopeMismatchError,
)
from pyfly.container.registry import Registration
from pyfly.container.types import Scope, scope_name

Edge = tuple[InjectionPoint | None, Registration]


class GraphCheck:
    """Finds everything that would fail later: missing, ambiguous, circular and wrongly scoped beans."""

    def __init__(self, linker: Linker, stores: ScopeStores) -> None:
        self._linker = linker
        self._stores = stores
        self._edges: dict[Registration, list[Edge]] = {}
        self._holders: dict[Registration, Registration] = {}
        self._found: list[tuple[BeanCreationException, Registration]] = []
        self._problems: list[BeanCreationException] = []

    def problems(self, definitions: Iterable[Registration]) -> list[BeanCreationException]:
        """Check some definitions and all that they need; return every finding."""
        for definition in definitions:
            self._visit(definition)

        for problem, definition in self._found:
            if isinstance(problem, ResolutionError) and not problem.path:
                problem.path = tuple(step.label for step in self._way_to(definition))

            self._problems.append(problem)

        self._find_circles()
        self._find_captives()
        return self._problems

    def _visit(self, start: Registration) -> None:
        pending = [start]
        while pending:
            definition = pending.pop()
            if definition in self._edges:
                continue

            edges = self._edges[definition] = []
            if definition.created or definition.factory is not None:
                continue

            self._check_producible(definition)
            edges += self._read_edges(definition)
            for point, needed in edges:
                if point is not None:
                    self._holders.setdefault(needed, definition)

            pending += [needed for _, needed in reversed(edges)]

    def _check_producible(self, definition: Registration) -> None:
        cls = definition.impl_type
        if isinstance(definition.scope, str) and not self._stores.knows(definition.scope):
            self._report(
                BeanCreationException(
                    "resolution",
                    definition.label,
                    f"the scope '{definition.scope}' is not registered",
                    action=f"Call container.register_scope('{definition.scope}', handler) before the start,"
                    " or give the bean another scope.",
                ),
                definition,
            )

        is_protocol = getattr(cls, "_is_protocol", False)
        if definition.method is None and (inspect.isabstract(cls) or is_protocol):
            missing = ", ".join(sorted(getattr(cls, "__abstractmethods__", ())))
            what = "a protocol" if is_protocol else f"abstract (not implemented: {missing})"
            self._report(
                InjectionPointError(
                    required_by=f"{cls.__name__}.__init__()",
                    parameter=None,
                    problem=f"'{cls.__name__}' is {what} and cannot be created",
                    advice=f"Register a subclass of '{cls.__name__}' that implements everything instead.",
                ),
                definition,
            )

    def _read_edges(self, definition: Registration) -> Iterator[Edge]:
        if definition.method is not None:
            yield None, definition.method.owner

        try:
            shape = self._linker.shape(definition)
        except BeanCreationException as problem:
            self._report(problem, definition)
            return

        for point in shape.parameters + shape.fields:
            try:
                link = self._linker.link(point, definition)
                if isinstance(link, SuppliedLink):
                    link.supply()
            except BeanCreationException as problem:
                self._report(problem, definition)
            else:
                # Which of the possible producers makes a pending class shows when they are created.
                for needed in () if isinstance(link, PendingLink) else dependencies(link):
                    yield point, needed

    def _report(self, problem: BeanCreationException, definition: Registration) -> None:
        self._found.append((problem, definition))

    def _way_to(self, definition: Registration) -> list[Registration]:
        way = [definition]
        while (holder := self._holders.get(way[0])) is not None and holder not in way:
            way.insert(0, holder)

        return way

    def _find_circles(self) -> None:
        """Walk depth first; an edge back to the current way closes a circle."""
        finished: set[Registration] = set()
        circles: set[tuple[Registration, ...]] = set()
        for start in self._edges:
            way: list[Registration] = []
            pending: list[tuple[Registration, Iterator[Edge]]] = []
            self._enter(start, way, pending, finished)
            while pending:
                definition, edges = pending[-1]
                step = next(edges, None)
                if step is None:
                    pending.pop()
                    way.pop()
                    finished.add(definition)
                elif step[1] in way:
                    circle = tuple(way[way.index(step[1]) :])
                    if circle not in circles:
                        circles.add(circle)
                        self._problems.append(self._closed(circle))
                else:
                    self._enter(step[1], way, pending, finished)

    def _closed(self, circle: tuple[Registration, ...]) -> BeanCurrentlyInCreationError:
        pairs = zip(circle, (*circle[1:], circle[0]), strict=True)
        return BeanCurrentlyInCreationError(
            chain=[bean.impl_type for bean in circle],
            current=circle[0].impl_type,
            steps=[
                _step(bean, needed, next(point for point, other in self._edges[bean] if other is needed))
                for bean, needed in pairs
            ],
        )

    def _enter(
        self,
        definition: Registration,
        way: list[Registration],
        pending: list[tuple[Registration, Iterator[Edge]]],
        finished: set[Registration],
    ) -> None:
        if definition not in finished:
            way.append(definition)
            pending.append((definition, iter(self._edges[definition])))

    def _find_captives(self) -> None:
        for holder in self._edges:
            if holder.scope is Scope.TRANSIENT or holder.created:
                continue

            for points, way, held in self._reach(holder):
                if _outlives(holder, held):
                    point, nearest = points[0], points[-1]
                    taker = (holder, *way)[-1].label
                    self._problems.append(
                        ScopeMismatchError(
                            holder=holder.label,
                            held=held.label,
                            holder_scope=scope_name(holder.scope).lower(),
                            held_scope=scope_name(held.scope).lower(),
                            required_by=point.member if point else holder.label,
                            parameter=point.name if point else None,
                            advice=_advice(taker, nearest, held) if nearest else "",
                            path=tuple(step.label for step in (*self._way_to(holder), *way)),
                        )
                    )

    def _reach(
        self, holder: Registration
    ) -> Iterator[tuple[tuple[InjectionPoint | None, ...], tuple[Registration, ...], Registration]]:
        """Yield what a bean holds: directly, and by way of transients, which live as long as it does.

        Each comes with the injection points and the transients on the way to it.
        """
        way: tuple[Registration, ...] = ()
        pending: list[tuple[tuple[InjectionPoint | None, ...], tuple[Registration, ...], Registration]] = [
            ((point,), way, held) for point, held in self._edges[holder]
        ]
        seen = {holder}
        while pending:
            points, way, held = pending.pop(0)
            if held in seen:
                continue

            seen.add(held)
            yield points, way, held
            if held.scope is Scope.TRANSIENT:
                pending += [((*points, point), (*way, held), needed) for point, needed in self._edges[held]]


def _step(bean: Registration, needed: Registration, point: InjectionPoint | None) -> str:
    if point is None:
        return f"{bean.label} is called on {needed.label}"

    return f"{point.member} takes {needed.label} as '{point.name}'"


def _advice(taker: str, point: InjectionPoint, held: Registration) -> str:
    return f"Let {taker} take {_deferred(point, held)} and call it where the bean is used"


def _deferred(point: InjectionPoint, held: Registration) -> str:
    if isinstance(point.need, CollectionNeed):
        return f"Provider[list[{type_name(point.need.item.hint)}]]"

    if isinstance(point.need, MappingNeed):
        return f"Provider[dict[str, {type_name(point.need.item.hint)}]]"

    return f"Provider[{type_name(held.impl_type)}]"


def _outlives(holder: Registration, held: Registration) -> bool:
    if held.scope in (Scope.SINGLETON, Scope.TRANSIENT) or held.scope == holder.scope:
        return False

    return holder.scope is not Scope.REQUEST

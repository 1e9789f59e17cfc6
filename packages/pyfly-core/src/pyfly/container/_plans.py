# SPDX-License-Identifier: Apache-2.0
"""Compiled plans: what ``resolve`` runs.

A plan is an iterator made of the interpreter's own ones, and ``next(plan)`` is a bean. A singleton is
``repeat(bean)``, a class whose arguments never vary is ``starmap(cls, repeat(arguments))``, one with
transient arguments is ``map(cls, *plans of the arguments)``. No frame of ours runs between the caller and the
constructor. The ``repeat`` at a plan's root counts down, so that the use of every bean is known without a
counter on the way: a plan's uses times its shares.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from itertools import repeat, starmap
from operator import length_hint
from sys import maxsize
from time import perf_counter_ns
from typing import Any, NamedTuple

from pyfly.container._assembler import Assembler, count, measure
from pyfly.container._linker import Linker
from pyfly.container._links import BeanLink, ConstantLink, Link
from pyfly.container._needs import BeanNeed, read_need
from pyfly.container._request_source import RequestSource
from pyfly.container._scopes import ScopeStores
from pyfly.container.exceptions import BeanCurrentlyInCreationError
from pyfly.container.registry import ProducerKind, Registration
from pyfly.container.request_storage import current_request
from pyfly.container.types import Scope

_VARIES: Any = object()


class Part(NamedTuple):
    """A piece of a plan: a constant, or an iterator whose every step is a new value."""

    shares: Counter[Registration]
    constant: Any = _VARIES
    steps: Iterator[Any] | None = None
    root: Iterator[Any] | None = None

    def iterate(self) -> tuple[Iterator[Any], Iterator[Any]]:
        """Return the part as an iterator, and the ``repeat`` at its root."""
        if self.steps is not None and self.root is not None:
            return self.steps, self.root

        endless = repeat(self.constant, maxsize)
        return endless, endless


class Tally:
    """How often a plan ran since it was last asked."""

    def __init__(self, root: Iterator[Any], shares: Counter[Registration]) -> None:
        self._root = root
        self._shares = shares
        self._left = maxsize

    def settle(self) -> None:
        """Credit the runs since the last call to the beans that the plan hands out."""
        left = length_hint(self._root)
        runs, self._left = self._left - left, left
        if runs:
            for definition, share in self._shares.items():
                count(definition, runs * share)


class Plans:
    """Plans by what is asked for: a class, any other hint, or a definition; compiled at their first use.

    Attributes:
        ready: The compiled ones; a plain ``dict``, which the interpreter reads faster than one with a
            ``__missing__``.
    """

    def __init__(self, linker: Linker, assembler: Assembler, stores: ScopeStores) -> None:
        self.ready: dict[Any, Iterator[Any]] = {}
        self._changes = 0
        self._linker = linker
        self._assembler = assembler
        self._stores = stores
        self._tallies: list[Tally] = []
        self._of_request: dict[Registration, Callable[[], Any]] = {}

    def forget(self) -> None:
        """Drop every plan, since definitions or beans changed."""
        self.settle()
        self._changes += 1
        self._tallies.clear()
        self._of_request.clear()
        self.ready.clear()

    def settle(self) -> None:
        """Bring the metrics of all definitions up to date."""
        for tally in list(self._tallies):
            tally.settle()

    def first(self, asked: Any) -> Iterator[Any]:
        """Yield one bean, and leave a compiled plan for the next ones."""
        changes = self._changes
        if isinstance(asked, Registration):
            part = self._bean(asked, ())
        else:
            part = self._link(self._linker.link_need(read_need(asked)), ())

        plan, root = part.iterate()
        started = perf_counter_ns()
        first = next(plan)
        elapsed = perf_counter_ns() - started
        for definition in part.shares:
            measure(definition, elapsed)

        self._tallies.append(Tally(root, part.shares))
        if changes == self._changes:
            self.ready[asked] = plan

        yield first

    def _link(self, link: Link, path: tuple[Registration, ...]) -> Part:
        if isinstance(link, ConstantLink):
            return Part(Counter(), constant=link.value)

        if isinstance(link, BeanLink) and not (
            link.definition.method is not None and link.definition.method.nullable
        ):
            return self._bean(link.definition, path)

        return _called(partial(self._assembler.follow_now, link))

    def _bean(self, definition: Registration, path: tuple[Registration, ...]) -> Part:
        _refuse_circle(definition, path)
        if definition.scope is Scope.SINGLETON:
            return self._singleton(definition)

        if definition.scope is Scope.TRANSIENT:
            return self._construction(definition, path)

        if definition.scope is Scope.REQUEST:
            if definition not in self._of_request:
                self._of_request[definition] = self._request_step(definition, path)

            return _called(self._of_request[definition], Counter((definition,)))

        return _called(partial(self._assembler.obtain_now, definition))

    def _singleton(self, definition: Registration) -> Part:
        if not definition.created:
            self._assembler.fetch_now(definition)

        if definition.absent:
            raise self._linker.catalog.missing(BeanNeed(definition.impl_type))

        return Part(constant=definition.instance, shares=Counter((definition,)))

    def _construction(self, definition: Registration, path: tuple[Registration, ...]) -> Part:
        make = self._plain_callable(definition)
        if make is None:
            return _called(partial(self._assembler.obtain_now, definition))

        positional: list[Part] = []
        named: dict[str, Part] = {}
        shares = Counter((definition,))
        for point, link in self._linker.wiring(definition).parameters:
            part = self._link(link, (*path, definition))
            shares.update(part.shares)
            if point.keyword:
                named[point.name] = part
            else:
                positional.append(part)

        return _construct(make, positional, named, shares)

    def _plain_callable(self, definition: Registration) -> Callable[..., Any] | None:
        """Return what makes a bean in one call, or ``None`` when more than a call is needed."""
        lifecycle = self._assembler.lifecycle
        if definition.factory is not None:
            return None

        if definition.method is None:
            untouched = lifecycle is None or not lifecycle.concerns(definition.impl_type)
            return definition.impl_type if untouched and not self._linker.shape(definition).fields else None

        method = definition.method
        if lifecycle is None and method.kind is ProducerKind.PLAIN and not method.nullable:
            bound: Callable[..., Any] = getattr(self._assembler.fetch_now(method.owner), method.name)
            return None if self._assembler.fields_of(definition.impl_type) else bound

        return None

    def _request_step(self, definition: Registration, path: tuple[Registration, ...]) -> Callable[[], Any]:
        request_of = self._stores.request
        source = RequestSource()
        root = self._write(definition, path, source)
        if root is None:
            return partial(self._assembler.fetch_now, definition)

        find = source.compile(root)

        def step() -> Any:
            request = current_request.get() or request_of(definition)
            beans = request.beans
            if definition in beans:
                return beans[definition]

            # Cheaper than a with block.
            lock = request.lock
            lock.acquire()
            try:
                return find(beans)
            finally:
                lock.release()

        return step

    def _write(
        self, definition: Registration, path: tuple[Registration, ...], source: RequestSource
    ) -> str | None:
        """Add a bean of a request to the source; ``None`` when it is not made by a plain call."""
        _refuse_circle(definition, path)
        make = self._plain_callable(definition)
        if make is None:
            return None

        arguments: list[str] = []
        shares: Counter[Registration] = Counter()
        for point, link in self._linker.wiring(definition).parameters:
            argument = self._write_argument(link, (*path, definition), source, shares)
            arguments.append(f"{point.name}={argument}" if point.keyword else argument)

        turns = repeat(None, maxsize)
        self._tallies.append(Tally(turns, shares))
        return source.add(definition, make, arguments, turns)

    def _write_argument(
        self,
        link: Link,
        path: tuple[Registration, ...],
        source: RequestSource,
        shares: Counter[Registration],
    ) -> str:
        if isinstance(link, BeanLink) and link.definition.scope is Scope.REQUEST:
            argument = source.written(link.definition) or self._write(link.definition, path, source)
            if argument is not None:
                shares[link.definition] += 1
                return argument

        part = self._link(link, path)
        shares.update(part.shares)
        return source.constant(part.constant) if part.steps is None else source.step(part.steps)


def _called(function: Callable[[], Any], shares: Counter[Registration] | None = None) -> Part:
    root = repeat((), maxsize)
    return Part(steps=starmap(function, root), root=root, shares=shares or Counter())


def _construct(
    make: Callable[..., Any], positional: list[Part], named: dict[str, Part], shares: Counter[Registration]
) -> Part:
    if all(part.steps is None for part in named.values()):
        constants = {name: part.constant for name, part in named.items()}
        called = partial(make, **constants) if constants else make
        if all(part.steps is None for part in positional):
            root = repeat(tuple(part.constant for part in positional), maxsize)
            return Part(steps=starmap(called, root), root=root, shares=shares)

        endless = [part.iterate() for part in positional]
        return Part(steps=map(called, *(steps for steps, _ in endless)), root=endless[0][1], shares=shares)

    by_place = [part.iterate()[0] for part in positional]
    by_name = {name: part.iterate()[0] for name, part in named.items()}

    def call() -> Any:
        return make(*map(next, by_place), **{name: next(steps) for name, steps in by_name.items()})

    return _called(call, shares)


def _refuse_circle(definition: Registration, path: tuple[Registration, ...]) -> None:
    if definition in path:
        chain = [step.impl_type for step in path[path.index(definition) :]]
        raise BeanCurrentlyInCreationError(chain=chain, current=definition.impl_type)

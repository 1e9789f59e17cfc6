# SPDX-License-Identifier: Apache-2.0
"""Making beans: one coroutine per creation, driven by a loop or, in a synchronous resolve, by hand."""

import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar

from pyfly.container._cleanups import Cleanups
from pyfly.container._in_flight import LOCK_SECONDS, CreationsInFlight, kept_waiting
from pyfly.container._linker import Linker
from pyfly.container._links import BeanLink, ConstantLink, GatherLink, Link, PendingLink, SuppliedLink
from pyfly.container._making import PATH, Step, being_made, circle
from pyfly.container._points import InjectionPoint, read_fields
from pyfly.container._scopes import ScopeStores
from pyfly.container.exceptions import (
    BeanCreationException,
    BeanCurrentlyInCreationError,
    ResolutionError,
)
from pyfly.container.lifecycle import BeanLifecycle
from pyfly.container.metrics import BeanMetrics
from pyfly.container.registry import ProducerKind, Registration
from pyfly.container.request_storage import ScopeStorage, current_request
from pyfly.container.types import Scope

T = TypeVar("T")


_NOTHING: Any = object()


def drive(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that has nothing to wait for."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        result: T = stop.value
        return result

    coroutine.close()
    raise BeanCreationException(
        "resolution",
        "container",
        "the creation of a bean waits for something; resolve it with `await container.aresolve(...)`",
    )


class Assembler:
    """Creates beans and hands out the ones that exist, in every scope."""

    def __init__(self, linker: Linker, stores: ScopeStores, cleanups: Cleanups) -> None:
        self._linker = linker
        self._stores = stores
        self._cleanups = cleanups
        self._in_flight = CreationsInFlight()
        self._field_points: dict[type, tuple[InjectionPoint, ...]] = {}
        self.lifecycle: BeanLifecycle | None = None

    def fetch_now(self, definition: Registration) -> Any:
        """Return the bean of a definition, made if its scope has none, without awaiting or counting."""
        return drive(self._fetch(definition, may_await=False))

    def obtain_now(self, definition: Registration) -> Any:
        """Return the bean of a definition, creating it if its scope has none, without awaiting anything."""
        return drive(self.obtain(definition, may_await=False))

    def follow_now(self, link: Link) -> Any:
        """Return what a link leads to, without awaiting anything."""
        return drive(self.follow(link, may_await=False))

    async def obtain(self, definition: Registration, *, may_await: bool) -> Any:
        """Return the bean of a definition, creating it if its scope has none."""
        bean = await self._fetch(definition, may_await=may_await)
        count(definition, 1)
        return bean

    async def _fetch(self, definition: Registration, *, may_await: bool) -> Any:
        scope = definition.scope
        if scope is Scope.SINGLETON:
            if not definition.created:
                for needed in () if PATH.get() else self._linker.far_needs(definition):
                    await self._fetch(needed, may_await=may_await)

                await self._create_singleton(definition, may_await)

            return definition.instance

        if scope is Scope.TRANSIENT:
            return await self.build(definition, may_await=may_await)

        if scope is Scope.REQUEST:
            return await self._obtain_of_request(definition, self._stores.request(definition), may_await)

        return await self._obtain_of_store(definition, may_await)

    async def _create_singleton(self, definition: Registration, may_await: bool) -> None:
        if may_await:
            await self._in_flight.once(
                definition,
                0,
                lambda: definition.created,
                lambda: self._keep_singleton(definition, True),
                definition.lock,
            )
            return

        if not definition.lock.acquire(timeout=LOCK_SECONDS):
            raise kept_waiting(definition)

        try:
            self._in_flight.settle(definition, 0)
            if not definition.created:
                await self._keep_singleton(definition, may_await)
        finally:
            definition.lock.release()

    async def _keep_singleton(self, definition: Registration, may_await: bool) -> None:
        bean = await self.build(definition, may_await=may_await)
        definition.instance = bean
        definition.absent = bean is None
        if bean is not None:
            self._linker.catalog.alias(definition, type(bean))

    async def _obtain_of_request(
        self, definition: Registration, storage: ScopeStorage, may_await: bool
    ) -> Any:
        async def keep() -> None:
            storage.beans[definition] = await self.build(definition, may_await=may_await)

        if definition not in storage.beans:
            if may_await:
                await self._in_flight.once(
                    definition, id(storage), lambda: definition in storage.beans, keep, storage.lock
                )
            else:
                with storage.lock:
                    self._in_flight.settle(definition, id(storage))
                    if definition not in storage.beans:
                        await keep()

        return storage.beans[definition]

    async def _obtain_of_store(self, definition: Registration, may_await: bool) -> Any:
        store = self._stores.store(definition)
        if not may_await:
            return store.get(lambda: drive(self.build(definition, may_await=False)))

        async def keep() -> None:
            bean = await self.build(definition, may_await=True)
            store.get(lambda: bean)

        await self._in_flight.once(definition, store.identity, store.holds, keep)
        return store.get(lambda: None)

    async def build(self, definition: Registration, *, may_await: bool) -> Any:
        """Make a new object for a definition, completed and ready to be handed out."""
        path = being_made()
        if definition in path:
            raise circle(definition)

        made = Step(definition)
        token = PATH.set((*PATH.get(), made))
        started = time.perf_counter_ns()
        try:
            bean = await self._produce(definition, may_await)
        except ResolutionError as error:
            if not error.path:
                error.path = tuple(step.label for step in (*path, definition))

            raise
        except Exception as error:
            error.add_note(f"while creating {' -> '.join(step.label for step in (*path, definition))}")
            raise
        finally:
            made.over = True
            PATH.reset(token)

        measure(definition, time.perf_counter_ns() - started)
        return bean

    async def _produce(self, definition: Registration, may_await: bool) -> Any:
        if definition.factory is not None:
            return await self._complete(definition, definition.factory(), may_await)

        wiring = self._linker.wiring(definition)
        positional: list[Any] = []
        named: dict[str, Any] = {}
        for point, link in wiring.parameters:
            value = await self.follow(link, may_await=may_await)
            if point.keyword:
                named[point.name] = value
            else:
                positional.append(value)

        if definition.method is None:
            bean = definition.impl_type(*positional, **named)
            for point, link in wiring.fields:
                setattr(bean, point.name, await self.follow(link, may_await=may_await))

            return await self._complete(definition, bean, may_await)

        return await self._call_method(definition, positional, named, may_await)

    async def _call_method(
        self, definition: Registration, positional: list[Any], named: dict[str, Any], may_await: bool
    ) -> Any:
        method = definition.method
        assert method is not None
        if method.kind.is_async and not may_await:
            raise BeanCreationException(
                "resolution",
                definition.label,
                "its factory is asynchronous; only an injection or `await context.aget_bean(...)` can wait",
                action="Inject the bean itself, or take it with `await provider.aget()`,"
                " `await container.aresolve(...)` or\n`await context.aget_bean(...)`.",
            )

        owner = await self.obtain(method.owner, may_await=may_await)
        outcome = getattr(owner, method.name)(*positional, **named)
        if method.kind is ProducerKind.PLAIN:
            product = outcome
        elif method.kind is ProducerKind.COROUTINE:
            product = await outcome
        elif method.kind is ProducerKind.GENERATOR:
            product = next(outcome, _NOTHING)
        else:
            product = await anext(outcome, _NOTHING)

        if product is _NOTHING:
            raise BeanCreationException(
                "resolution",
                definition.label,
                "its generator ended without a yield",
                action=f"Let it yield exactly one {definition.impl_type.__name__} on every way through it.",
            )

        if method.kind in (ProducerKind.PLAIN, ProducerKind.COROUTINE):
            return await self._complete_product(definition, product, may_await)

        try:
            bean = await self._complete_product(definition, product, may_await)
        except BaseException:
            await self._cleanups.abandon(definition, outcome)
            raise

        self._cleanups.add(definition, bean, outcome)
        self._at_end_of_request(definition, lambda: self._cleanups.release(bean))
        return bean

    async def _complete_product(self, definition: Registration, product: Any, may_await: bool) -> Any:
        if product is None:
            if definition.method is not None and definition.method.nullable:
                return None

            raise BeanCreationException(
                "resolution",
                definition.label,
                f"it returned None, but is declared to return '{definition.impl_type.__name__}'",
                action=f"Return a bean, or declare `-> {definition.impl_type.__name__} | None`"
                " if there may be none.",
            )

        for point in self.fields_of(type(product)):
            setattr(
                product,
                point.name,
                await self.follow(self._linker.link(point, definition), may_await=may_await),
            )

        return await self._complete(definition, product, may_await)

    async def _complete(self, definition: Registration, bean: Any, may_await: bool) -> Any:
        if self.lifecycle is None or bean is None or not self.lifecycle.concerns(type(bean)):
            return bean

        completed = await self.lifecycle.complete(definition, bean, may_await=may_await)
        if definition.scope is Scope.REQUEST:
            # A wrapper need not repeat the hooks of what it stands for.
            ending = self.lifecycle.ending(definition, completed) or self.lifecycle.ending(definition, bean)
            if ending is not None:
                self._at_end_of_request(definition, ending)

        return completed

    def _at_end_of_request(
        self, definition: Registration, ending: Callable[[], Awaitable[None] | None]
    ) -> None:
        request = current_request.get()
        if request is not None and definition.scope in (Scope.REQUEST, Scope.TRANSIENT):
            request.at_end(ending)

    def fields_of(self, cls: type) -> tuple[InjectionPoint, ...]:
        """Return the injected attributes of a product's class, read once."""
        if cls not in self._field_points:
            self._field_points[cls] = tuple(read_fields(cls))

        return self._field_points[cls]

    async def follow(self, link: Link, *, may_await: bool) -> Any:
        """Return what a link leads to."""
        if isinstance(link, ConstantLink):
            return link.value

        if isinstance(link, SuppliedLink):
            return link.supply()

        if isinstance(link, BeanLink):
            bean = await self.obtain(link.definition, may_await=may_await)
            return link.otherwise() if bean is None else bean

        if isinstance(link, GatherLink):
            beans = [
                (definition, await self.obtain(definition, may_await=may_await))
                for definition in link.definitions
            ]
            return link.build([(definition, bean) for definition, bean in beans if bean is not None])

        return await self.follow(await self._settle(link, may_await), may_await=may_await)

    async def _settle(self, link: PendingLink, may_await: bool) -> Link:
        for definition in link.definitions:
            if definition.scope is Scope.SINGLETON and definition not in being_made():
                # Who needs this very bean cannot be what makes the class; others may.
                with suppress(BeanCurrentlyInCreationError):
                    await self.obtain(definition, may_await=may_await)

        settled = link.again()
        return ConstantLink(link.otherwise()) if isinstance(settled, PendingLink) else settled


def count(definition: Registration, times: int) -> None:
    """Count resolutions of a bean."""
    if definition.metrics is None:
        definition.metrics = BeanMetrics()

    definition.metrics.resolution_count += times


def measure(definition: Registration, nanoseconds: int) -> None:
    """Record the first creation of a bean."""
    if definition.metrics is None:
        definition.metrics = BeanMetrics()

    if definition.metrics.created_at is None:
        definition.metrics.creation_time_ns = max(nanoseconds, 1)
        definition.metrics.created_at = time.time()

# SPDX-License-Identifier: Apache-2.0
"""Matching injection points with the definitions, or values, that satisfy them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from pyfly.container._catalog import Catalog
from pyfly.container._links import (
    BeanLink,
    ConstantLink,
    GatherLink,
    Link,
    PendingLink,
    SuppliedLink,
    Wiring,
    dependencies,
)
from pyfly.container._needs import (
    BeanNeed,
    CollectionNeed,
    HandleNeed,
    MappingNeed,
    MarkerNeed,
    Need,
    NoNeed,
    OptionalNeed,
    read_need,
)
from pyfly.container._points import NO_DEFAULT, InjectionPoint, Shape, constructor_shape, method_shape
from pyfly.container._type_names import PLAIN_VALUES
from pyfly.container.exceptions import BeanCreationException, InjectedValueError, NoSuchBeanError
from pyfly.container.provider import Resolver
from pyfly.container.registry import Registration
from pyfly.container.types import Scope

_NEAR: Final = 25


@dataclass(slots=True)
class Linker:
    """Matches injection points with definitions, once per definition."""

    catalog: Catalog
    resolver: Resolver
    _wirings: dict[Registration, Wiring] = field(default_factory=dict)
    _shapes: dict[Any, Shape] = field(default_factory=dict)

    def forget(self) -> None:
        """Drop the links, since definitions changed; what was read from signatures stays."""
        self._wirings.clear()

    def shape(self, definition: Registration) -> Shape:
        """Return the injection points of a definition.

        Raises:
            InjectionPointError: A hint is missing or cannot be evaluated.
        """
        method = definition.method
        key: Any = definition.impl_type if method is None else method.function
        if key not in self._shapes:
            if definition.factory is not None or definition.ready_made:
                return Shape(())

            self._shapes[key] = (
                constructor_shape(definition.impl_type)
                if method is None
                else method_shape(method.function, method.owner.impl_type)
            )

        return self._shapes[key]

    def ingredients(self, definition: Registration) -> tuple[list[Registration], list[Any]]:
        """Return what a bean is made from: the beans, directly or through others, and the value markers.

        Raises:
            BeanCreationException: An injection point cannot be satisfied.
        """
        found: dict[Registration, None] = {}
        markers: list[Any] = []
        pending = [definition]
        while pending:
            current = pending.pop()
            if current in found:
                continue

            found[current] = None
            if current.method is not None:
                pending.append(current.method.owner)

            shape = self.shape(current)
            needs = (point.need for point in shape.parameters + shape.fields)
            markers += [need.marker for need in needs if isinstance(need, MarkerNeed)]
            for _, link in self.wiring(current).links:
                pending += dependencies(link)

        del found[definition]
        return list(found), markers

    def injected(self, definition: Registration) -> list[Registration]:
        """Return the beans that a bean is injected with, those behind handles too.

        An injection point that nothing satisfies is passed over.
        """
        found = {} if definition.method is None else {definition.method.owner: None}
        try:
            shape = self.shape(definition)
        except BeanCreationException:
            return list(found)

        for point in shape.parameters + shape.fields:
            try:
                link = self._match(_behind_handles(point.need), point, definition, point.default)
            except BeanCreationException:
                continue

            found.update(dict.fromkeys(dependencies(link)))

        return list(found)

    def wiring(self, definition: Registration) -> Wiring:
        """Return the links of a definition.

        Raises:
            BeanCreationException: An injection point cannot be satisfied.
        """
        found = self._wirings.get(definition)
        if found is None:
            shape = self.shape(definition)
            found = self._wirings[definition] = Wiring(
                tuple((point, self.link(point, definition)) for point in shape.parameters),
                tuple((point, self.link(point, definition)) for point in shape.fields),
            )

        return found

    def far_needs(self, definition: Registration) -> Iterator[Registration]:
        """Yield singletons that a bean needs over many others: made first, they keep the way to it short.

        Beans are made by calls within calls, and the interpreter limits how deep those may go.
        """
        seen = {definition}
        way = [(definition, iter(self._needed_by(definition)))]
        while way:
            current, others = way[-1]
            needed = next((it for it in others if it not in seen and not it.created), None)
            if needed is not None and needed.scope in (Scope.SINGLETON, Scope.TRANSIENT):
                seen.add(needed)
                way.append((needed, iter(self._needed_by(needed))))
            elif needed is None:
                way.pop()
                if len(way) % _NEAR == 0 and way and current.scope is Scope.SINGLETON:
                    yield current

    def holders(self, held: set[Registration]) -> list[Registration]:
        """Return the definitions that are injected with some others, directly or through each other."""
        needs = {it: self._needed_by(it) for it in self.catalog.definitions if not it.ready_made}
        holders: dict[Registration, None] = {}
        grown = True
        while grown:
            found = [
                it
                for it, needed in needs.items()
                if it not in holders and not (held | holders.keys()).isdisjoint(needed)
            ]
            holders.update(dict.fromkeys(found))
            grown = bool(found)

        return list(holders)

    def _needed_by(self, definition: Registration) -> tuple[Registration, ...]:
        try:
            links = self.wiring(definition).links
        except BeanCreationException:
            # What cannot be wired holds nothing; the reason shows when somebody asks for it.
            return ()

        needed = tuple(found for _, link in links for found in dependencies(link))
        return needed if definition.method is None else (*needed, definition.method.owner)

    def link(self, point: InjectionPoint, owner: Registration | None = None) -> Link:
        """Match one injection point."""
        return self._match(point.need, point, owner, point.default)

    def link_need(self, need: Need) -> Link:
        """Match a need that stands on its own, without an injection point."""
        return self._match(need, None, None, NO_DEFAULT)

    def _match(
        self, need: Need, point: InjectionPoint | None, owner: Registration | None, default: Any
    ) -> Link:
        if isinstance(need, OptionalNeed):
            fallback = None if default is NO_DEFAULT else default
            return (
                ConstantLink(fallback)
                if isinstance(need.inner, NoNeed)
                else self._match(need.inner, point, owner, fallback)
            )

        if isinstance(need, BeanNeed):
            return self._match_one(need, point, owner, default)

        if isinstance(need, HandleNeed):
            return ConstantLink(need.handle(self.resolver, need.inner))

        if isinstance(need, MarkerNeed):
            return SuppliedLink(self._supplier(need, point, default))

        if isinstance(need, NoNeed):
            if default is NO_DEFAULT:
                raise self._missing(BeanNeed(need.hint, hint=need.hint), point)

            return ConstantLink(default)

        if need.item.type_ in PLAIN_VALUES and default is not NO_DEFAULT:
            return ConstantLink(default)

        return self._match_many(need, owner)

    def _match_one(
        self, need: BeanNeed, point: InjectionPoint | None, owner: Registration | None, default: Any
    ) -> Link:
        if need.type_ in PLAIN_VALUES and need.qualifier is None and default is not NO_DEFAULT:
            return ConstantLink(default)

        name = None if point is None else point.name
        member = None if point is None else point.member
        if need.qualifier is not None:
            chosen = self._named(need)
        else:
            found = self.catalog.candidates(need)
            if owner in found and len(found) > 1:
                found = [definition for definition in found if definition is not owner]

            chosen = self.catalog.choose(need, found, parameter=name, required_by=member)

        if chosen is not None:
            return BeanLink(chosen, lambda: self._fall_back(need, point, default))

        pending = () if need.qualifier or need.arguments else self._possible_producers(need, owner)
        if pending:
            return PendingLink(
                pending,
                lambda: self._match_one(need, point, owner, default),
                lambda: self._fall_back(need, point, default),
            )

        return ConstantLink(self._fall_back(need, point, default))

    def _named(self, need: BeanNeed) -> Registration | None:
        definition = self.catalog.named(need.qualifier or "")
        if definition is None or not _is_a(definition, need):
            return None

        return definition

    def _fall_back(self, need: BeanNeed, point: InjectionPoint | None, default: Any) -> Any:
        if default is NO_DEFAULT:
            raise self._missing(need, point)

        return default

    def _missing(self, need: BeanNeed, point: InjectionPoint | None) -> NoSuchBeanError:
        if point is None:
            return self.catalog.missing(need)

        return self.catalog.missing(need, parameter=point.name, required_by=point.member)

    def _possible_producers(self, need: BeanNeed, owner: Registration | None) -> tuple[Registration, ...]:
        return tuple(
            definition
            for definition in self.catalog.definitions
            if definition.method is not None
            and definition is not owner
            and not definition.created
            and any(kind is not need.type_ and kind in need.type_.__mro__ for kind in definition.types)
        )

    def _match_many(self, need: CollectionNeed | MappingNeed, owner: Registration | None) -> Link:
        definitions = [definition for definition in self.catalog.all_of(need.item) if definition is not owner]
        if isinstance(need, MappingNeed):
            named = tuple(definition for definition in definitions if definition.name)
            return GatherLink(named, lambda found: {definition.name: bean for definition, bean in found})

        build = need.build
        return GatherLink(tuple(definitions), lambda found: build(bean for _, bean in found))

    def _supplier(self, need: MarkerNeed, point: InjectionPoint | None, default: Any) -> Callable[[], Any]:
        provide = need.marker.__pyfly_provide__
        resolve, target = self.resolver.resolve, need.target

        def supply() -> Any:
            try:
                return provide(resolve, target)
            except KeyError as error:
                if default is not NO_DEFAULT:
                    return default

                key = error.args[0]
                problem = f"{need.marker!r} has no value: the key '{key}' is not set"
                advice = getattr(error.__cause__, "action", f"Set '{key}'.")
                raise _unusable(point, problem, advice) from error
            except ValueError as error:
                advice = (
                    "Give the setting a value that fits, or annotate the injection point with what it is."
                )
                raise _unusable(point, str(error), advice) from error

        return supply


def _behind_handles(need: Need) -> Need:
    if isinstance(need, HandleNeed):
        return _behind_handles(read_need(need.inner))

    return OptionalNeed(_behind_handles(need.inner)) if isinstance(need, OptionalNeed) else need


def _unusable(point: InjectionPoint | None, problem: str, advice: str) -> InjectedValueError:
    return InjectedValueError(
        required_by="container" if point is None else point.member,
        parameter=None if point is None else point.name,
        problem=problem,
        advice=advice,
    )


def _is_a(definition: Registration, need: BeanNeed) -> bool:
    wanted: Any = need.type_
    if wanted is object or any(_related(kind, wanted) for kind in definition.types):
        return True

    try:
        return definition.instance is not None and isinstance(definition.instance, wanted)
    except TypeError:
        return True


def _related(declared: type, wanted: Any) -> bool:
    # A factory may be declared as something wider than what it makes, and a class may fulfil a protocol
    # that it does not inherit.
    if wanted in declared.__mro__ or declared in getattr(wanted, "__mro__", ()):
        return True

    try:
        return bool(getattr(wanted, "_is_protocol", False)) and issubclass(declared, wanted)
    except TypeError:
        return True

# SPDX-License-Identifier: Apache-2.0
"""The catalogue of bean definitions, and the choice among them."""

from abc import ABC
from collections.abc import Iterable, Iterator
from typing import Any, Generic, NamedTuple, Protocol, TypeVar, get_origin

from pyfly.container._annotations import generic_arguments
from pyfly.container._needs import BeanNeed
from pyfly.container._type_names import type_name
from pyfly.container.exceptions import DuplicateBeanNameError, NoSuchBeanError, NoUniqueBeanError
from pyfly.container.registry import Registration

_OF_THE_LANGUAGE: frozenset[Any] = frozenset({object, ABC, Generic, Protocol})


class LeftOut(NamedTuple):
    """A definition that was removed before it could be used."""

    types: tuple[type, ...]
    label: str
    reason: str


class Catalog:
    """Every definition of a container, by type, by name and by port."""

    def __init__(self) -> None:
        self.definitions: dict[Registration, None] = {}
        self.bindings: dict[type, list[type]] = {}
        self.names: dict[str, Registration] = {}
        self.overriding_names = False
        self._by_type: dict[type, list[Registration]] = {}
        self._waiting: dict[str, list[Registration]] = {}
        self._undeclared: set[type] = set()
        self._left_out: list[LeftOut] = []
        self._overrides: dict[type, Registration] = {}
        self._stand_ins: dict[Registration, Registration] = {}

    def add(self, definition: Registration) -> None:
        """Add a definition; one of the same class and name is replaced."""
        for other in self._by_type.get(definition.impl_type, ()):
            if (
                other.impl_type is definition.impl_type
                and other.name == definition.name
                and _same_source(other, definition)
            ):
                self._detach(other)
                break

        if definition.name:
            self._claim_name(definition)

        self.definitions[definition] = None
        for kind in definition.types:
            self._by_type.setdefault(kind, []).append(definition)
            self._undeclared.discard(kind)

    def _claim_name(self, definition: Registration) -> None:
        holder = self.names.get(definition.name)
        if holder is not None and not self.overriding_names:
            if not (_may_drop_out(holder) or _may_drop_out(definition)):
                raise DuplicateBeanNameError(
                    name=definition.name, first=holder.label, second=definition.label
                )

            self._waiting.setdefault(definition.name, []).append(definition)
            return

        if holder is not None:
            self.remove(holder)

        self.names[definition.name] = definition

    def clashes(self) -> Iterator[DuplicateBeanNameError]:
        """Yield the beans whose name is taken by another one that has not dropped out."""
        for name, waiting in self._waiting.items():
            for second in waiting:
                yield DuplicateBeanNameError(name=name, first=self.names[name].label, second=second.label)

    def remove(self, definition: Registration, reason: str = "") -> None:
        """Remove a definition everywhere; with a reason, errors about its types will mention it."""
        self._detach(definition)
        if not self._by_type.get(definition.impl_type):
            for implementations in self.bindings.values():
                if definition.impl_type in implementations:
                    implementations.remove(definition.impl_type)

        if reason:
            self.leave_out(definition.types, definition.label, reason)

    def _detach(self, definition: Registration) -> None:
        del self.definitions[definition]
        for kind in definition.types:
            self._by_type[kind].remove(definition)
            if not self._by_type[kind]:
                del self._by_type[kind]

        waiting = self._waiting.get(definition.name, [])
        if definition in waiting:
            waiting.remove(definition)
        elif definition.name and self.names.get(definition.name) is definition:
            del self.names[definition.name]
            if waiting:
                self.names[definition.name] = waiting.pop(0)

    def leave_out(self, types: tuple[type, ...], label: str, reason: str) -> None:
        """Remember something that will not become a bean, and why."""
        self._left_out.append(LeftOut(types, label, reason))

    def bind(self, interface: type, implementation: type) -> None:
        """Make a class a candidate for an interface; repeated pairs are ignored."""
        implementations = self.bindings.setdefault(interface, [])
        if implementation not in implementations:
            implementations.append(implementation)

    def bind_ports_of(self, cls: type) -> None:
        """Bind every base of a class that looks like a port: protocol, abstract, or of a ``ports`` module."""
        for base in cls.__mro__[1:]:
            if base not in _OF_THE_LANGUAGE and _is_port(base):
                self.bind(base, cls)

    def alias(self, definition: Registration, kind: type) -> None:
        """Make a created bean reachable by its concrete class, unless beans were declared as that class."""
        if kind in definition.types or (self._by_type.get(kind) and kind not in self._undeclared):
            return

        self._undeclared.add(kind)
        definition.provided = (*definition.provided, kind)
        self._by_type.setdefault(kind, []).append(definition)

    def exact(self, kind: type) -> list[Registration]:
        """Return the definitions declared as exactly this type."""
        return list(self._by_type.get(kind, ()))

    def types(self) -> list[type]:
        return list(self._by_type)

    def nominal(self, kind: type) -> list[Registration]:
        """Return every definition of the type: exact, bound, or declared as a subclass."""
        found = dict.fromkeys(self.exact(kind))
        found.update(dict.fromkeys(self._bound(kind)))
        if kind not in _OF_THE_LANGUAGE:
            found.update(dict.fromkeys(self._subclasses(kind)))

        return list(found)

    def candidates(self, need: BeanNeed) -> list[Registration]:
        """Return the definitions among which a need for one bean chooses."""
        if need.type_ in self._overrides:
            return [self._overrides[need.type_]]

        if need.arguments:
            return self._in_force(self._parametrised(need))

        exact = self.exact(need.type_)
        if exact or need.type_ in _OF_THE_LANGUAGE:
            return self._in_force(exact)

        return self._in_force(self._bound(need.type_) or self._subclasses(need.type_))

    def named(self, name: str) -> Registration | None:
        """Return the definition of a name."""
        definition = self.names.get(name)
        return definition if definition is None else self._stand_ins.get(definition, definition)

    def all_of(self, need: BeanNeed) -> list[Registration]:
        """Return every definition that a need for many beans gathers, by order, then by registration."""
        if need.type_ in self._overrides:
            return [self._overrides[need.type_]]

        found = self._parametrised(need) if need.arguments else self.nominal(need.type_)
        place = {definition: index for index, definition in enumerate(self.definitions)}
        return self._in_force(sorted(found, key=lambda definition: (definition.order, place[definition])))

    def choose(
        self,
        need: BeanNeed,
        found: list[Registration],
        *,
        parameter: str | None = None,
        required_by: str | None = None,
    ) -> Registration | None:
        """Choose one of several candidates: the primary one, else the one named like the parameter."""
        if len(found) < 2:
            return found[0] if found else None

        primaries = [definition for definition in found if definition.primary]
        if len(primaries) == 1:
            return primaries[0]

        if not primaries:
            named = [definition for definition in found if definition.name and definition.name == parameter]
            if named:
                return named[0]

        raise NoUniqueBeanError(
            bean_type=need.hint or need.type_,
            candidates=[definition.impl_type for definition in primaries or found],
            labels=[definition.label for definition in primaries or found],
            required_by=required_by,
            parameter=parameter,
        )

    def missing(
        self, need: BeanNeed, *, parameter: str | None = None, required_by: str | None = None
    ) -> NoSuchBeanError:
        """Describe a need that has no candidate, with what comes near to it."""
        wanted = need.qualifier or type_name(need.type_)
        return NoSuchBeanError(
            bean_type=need.hint or need.type_,
            bean_name=need.qualifier,
            required_by=required_by,
            parameter=parameter,
            suggestions=self._similar(wanted),
            not_used=self._left_out_of(need),
        )

    def _similar(self, wanted: str) -> list[str]:
        from difflib import get_close_matches

        own = (kind for kind, found in self._by_type.items() if not all(map(_is_built_in, found)))
        known = {type_name(kind) for kind in own} | set(self.names)
        return get_close_matches(wanted, sorted(known - {wanted}), n=5, cutoff=0.4)

    def _left_out_of(self, need: BeanNeed) -> Iterator[tuple[str, str]]:
        namesake = self.names.get(need.qualifier or "")
        if namesake is not None:
            yield (
                namesake.label,
                f"its type is '{namesake.impl_type.__name__}', not '{type_name(need.hint or need.type_)}'",
            )

        for entry in self._left_out:
            if any(need.type_ in kind.__mro__ for kind in entry.types):
                yield entry.label, entry.reason

        if need.qualifier is None:
            yield from self._near_misses(need)

    def _near_misses(self, need: BeanNeed) -> Iterator[tuple[str, str]]:
        absent = [it for it in self.nominal(need.type_) if it.absent]
        for definition in absent:
            yield definition.label, "it returned None"

        for definition in self.nominal(need.type_) if need.arguments and not absent else ():
            yield definition.label, f"it is a '{_parametrisation(definition, need.type_)}'"

        members = (
            {name for name in vars(need.type_) if not name.startswith("_")}
            if _is_protocol(need.type_)
            else ()
        )
        for definition in self.definitions if members else ():
            if all(hasattr(definition.impl_type, name) for name in members) and not definition.ready_made:
                yield (
                    definition.label,
                    f"it has the members of '{type_name(need.type_)}', but does not inherit it",
                )

    def replace(self, kind: type, stand_in: Registration) -> None:
        """Let one definition stand in for a type, and for every bean that was found under it."""
        self._stand_ins.update(dict.fromkeys(self.candidates(BeanNeed(kind)), stand_in))
        self._overrides[kind] = stand_in

    def restore(self, kind: type) -> None:
        """End the replacement of a type."""
        stand_in = self._overrides.pop(kind)
        self._stand_ins = {real: other for real, other in self._stand_ins.items() if other is not stand_in}

    @property
    def replaced_types(self) -> frozenset[type]:
        return frozenset(self._overrides)

    def _in_force(self, found: Iterable[Registration]) -> list[Registration]:
        return list(dict.fromkeys(self._stand_ins.get(definition, definition) for definition in found))

    def _bound(self, kind: type) -> list[Registration]:
        found: dict[Registration, None] = {}
        for implementation in self.bindings.get(kind, ()):
            found.update(dict.fromkeys(self._by_type.get(implementation, ())))

        return list(found)

    def _subclasses(self, kind: type) -> Iterator[Registration]:
        return (
            definition
            for definition in self.definitions
            if any(kind in declared.__mro__[1:] for declared in definition.types)
        )

    def _parametrised(self, need: BeanNeed) -> list[Registration]:
        family = [
            definition
            for definition in self.nominal(need.type_)
            if definition.impl_type is not need.type_ or get_origin(definition.hint) is not None
        ]
        if not family:
            return self.exact(need.type_)

        wanted = {argument for argument in need.arguments if not isinstance(argument, TypeVar)}
        return [
            definition
            for definition in family
            if wanted
            <= generic_arguments(
                definition.impl_type if get_origin(definition.hint) is None else definition.hint
            )
        ]


def _may_drop_out(definition: Registration) -> bool:
    """Return whether a profile or condition is still to decide; those of ``@bean`` methods have been."""
    markers = vars(definition.impl_type) if definition.method is None else {}
    undecided = markers.get("__pyfly_profile__") or markers.get("__pyfly_conditions__")
    return bool(undecided) or definition.condition is not None


def _same_source(first: Registration, second: Registration) -> bool:
    return (first.method is None and second.method is None) or (
        first.method is not None
        and second.method is not None
        and first.method.owner is second.method.owner
        and first.method.name == second.method.name
    )


def _is_built_in(definition: Registration) -> bool:
    return definition.ready_made and definition.impl_type.__module__.startswith("pyfly.")


def _parametrisation(definition: Registration, family: type) -> str:
    if get_origin(definition.hint) is not None:
        return type_name(definition.hint)

    bases = (base for kind in definition.impl_type.__mro__ for base in vars(kind).get("__orig_bases__", ()))
    return type_name(next((base for base in bases if get_origin(base) is family), definition.impl_type))


def _is_protocol(cls: object) -> bool:
    return getattr(cls, "_is_protocol", False) is True


def _is_port(base: type) -> bool:
    return (
        _is_protocol(base)
        or bool(getattr(base, "__abstractmethods__", None))
        or ABC in base.__mro__
        or ".ports" in base.__module__
    )

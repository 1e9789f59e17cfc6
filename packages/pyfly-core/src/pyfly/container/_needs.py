# SPDX-License-Identifier: Apache-2.0
"""What an injection point asks for, read from its type hint.

The values here and in the modules around are named tuples: a dataclass takes five times as long to define,
and every import of the core would pay for it.
"""

import types
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any, NamedTuple, TypeAlias, TypeVar, Union, get_args, get_origin

from pyfly.container.bean import Qualifier
from pyfly.container.lazy import Lazy
from pyfly.container.provider import Provider


class BeanNeed(NamedTuple):
    """One bean, by type, by parametrised generic, or by name."""

    type_: type
    arguments: tuple[Any, ...] = ()
    qualifier: str | None = None
    hint: Any = None


class CollectionNeed(NamedTuple):
    """All beans of a type, gathered by ``build``."""

    item: BeanNeed
    build: Callable[[Iterable[Any]], Any]


class MappingNeed(NamedTuple):
    """All named beans of a type, by name."""

    item: BeanNeed


class HandleNeed(NamedTuple):
    """A handle that resolves ``inner`` later."""

    handle: Callable[[Any, Any], Any]
    inner: Any


class OptionalNeed(NamedTuple):
    """What ``inner`` asks for, or ``None`` when there is no candidate."""

    inner: "Need"


class MarkerNeed(NamedTuple):
    """A value that a marker object supplies, such as a configuration value."""

    marker: Any
    target: Any


class NoNeed(NamedTuple):
    """A hint that no bean can satisfy; only a default helps."""

    hint: Any


Need: TypeAlias = BeanNeed | CollectionNeed | MappingNeed | HandleNeed | OptionalNeed | MarkerNeed | NoNeed

_COLLECTIONS: dict[Any, Callable[[Iterable[Any]], Any]] = {
    list: list,
    set: set,
    frozenset: frozenset,
    tuple: tuple,
    Sequence: list,
}


def is_marker(candidate: object) -> bool:
    """Return whether an object supplies injected values itself."""
    return hasattr(type(candidate), "__pyfly_provide__")


def read_need(hint: Any) -> Need:
    """Read what a type hint asks for; the forms are listed in the guide of the container."""
    origin = get_origin(hint)
    if origin is None:
        return BeanNeed(hint, hint=hint) if _is_injectable_class(hint) else NoNeed(hint)

    arguments = get_args(hint)
    if origin is Annotated:
        return _read_annotated(arguments[0], hint.__metadata__)

    if origin is Union or origin is types.UnionType:
        return _read_union(hint, arguments)

    if origin in (Provider, Lazy):
        return HandleNeed(origin, arguments[0])

    if origin in _COLLECTIONS:
        return _read_collection(hint, origin, arguments)

    if origin in (dict, Mapping):
        item = read_need(arguments[1])
        return MappingNeed(item) if arguments[0] is str and isinstance(item, BeanNeed) else NoNeed(hint)

    if isinstance(origin, type) and origin is not type:
        return BeanNeed(origin, arguments, hint=hint)

    return NoNeed(hint)


def _is_injectable_class(hint: Any) -> bool:
    return isinstance(hint, type) and hint not in (type, object, types.NoneType)


def _read_annotated(target: Any, metadata: tuple[Any, ...]) -> Need:
    for item in metadata:
        if isinstance(item, Qualifier):
            return _qualified(target, item.name)

        if is_marker(item):
            # The rest may constrain the value.
            others = tuple(other for other in metadata if other is not item)
            return MarkerNeed(item, Annotated[(target, *others)] if others else target)

    return read_need(target)


def _qualified(target: Any, name: str) -> Need:
    """Read a hint with a name: the name decides, so even a collection, or anything, is one bean."""
    need = read_need(target)
    if isinstance(need, OptionalNeed):
        members = [member for member in get_args(target) if member is not types.NoneType]
        return OptionalNeed(_qualified(members[0], name)) if len(members) == 1 else need

    if isinstance(need, HandleNeed):
        return HandleNeed(need.handle, Annotated[need.inner, Qualifier(name)])

    if isinstance(need, BeanNeed):
        return BeanNeed(need.type_, need.arguments, name, need.hint)

    kind = object if target is Any else get_origin(target) or target
    return BeanNeed(kind, (), name, target) if isinstance(kind, type) else NoNeed(target)


def _read_union(hint: Any, members: tuple[Any, ...]) -> Need:
    others = [member for member in members if member is not types.NoneType]
    if len(others) == len(members) or len(others) != 1:
        return OptionalNeed(NoNeed(hint)) if len(others) < len(members) else NoNeed(hint)

    return OptionalNeed(read_need(others[0]))


def _read_collection(hint: Any, origin: Any, arguments: tuple[Any, ...]) -> Need:
    if origin is tuple and (len(arguments) != 2 or arguments[1] is not Ellipsis):
        return NoNeed(hint)

    item = read_need(arguments[0])
    return CollectionNeed(item, _COLLECTIONS[origin]) if isinstance(item, BeanNeed) else NoNeed(hint)


def substitute(hint: Any, variables: Mapping[Any, Any]) -> Any:
    """Replace the type variables of a hint by what a subclass made of them."""
    if isinstance(hint, TypeVar):
        return variables.get(hint, hint)

    parameters = getattr(hint, "__parameters__", ())
    if not parameters or not variables:
        return hint

    return hint[tuple(variables.get(parameter, parameter) for parameter in parameters)]

# SPDX-License-Identifier: Apache-2.0
"""The keys that a class of settings stands for, nested ones included."""

from collections.abc import Iterable, Iterator, Mapping, MutableMapping, MutableSequence, Sequence, Set
from dataclasses import is_dataclass
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, NamedTuple, Union, get_args, get_origin

from pyfly.config._annotations import bare, is_model
from pyfly.config._keys.property_fields import PropertyField, property_fields, takes_any_key

ANY_NAME = "<name>"
ITEM = "[]"

_MAPPINGS = (dict, Mapping, MutableMapping)
_SERIES = (list, Sequence, MutableSequence, set, Set, frozenset, tuple)


class Key(NamedTuple):
    """One key of a class.

    Attributes:
        path: Its segments below the prefix of the class: ``<name>`` stands for a name of the user's choice,
            ``[]`` for each item of a list.
        fields: The fields that lead to it, the outermost first.
        owners: The class of each of these fields.
        open: Whether it takes any key below it.
    """

    path: tuple[str, ...]
    fields: tuple[PropertyField, ...]
    owners: tuple[type, ...]
    open: bool = False


@lru_cache(maxsize=512)
def keys_below(cls: type) -> tuple[Key, ...]:
    """Return the keys of a dataclass or pydantic model, in the order of its fields.

    Where a class contains itself, the inner one is open.
    """
    return tuple(_of_section(cls, (), (), ()))


def dotted(path: Iterable[str]) -> str:
    """Return a path as it is written: ``servers[].url``."""
    return ".".join(path).replace(f".{ITEM}", ITEM)


def members_of(annotation: Any) -> tuple[Any, ...]:
    """Return the types that a union allows besides None, else the type itself."""
    annotation, _ = bare(annotation)
    if get_origin(annotation) in (Union, UnionType):
        return tuple(it for member in get_args(annotation) for it in members_of(member) if it is not NoneType)

    return (annotation,)


def is_section(annotation: Any) -> bool:
    """Tell whether a type has fields that are keys of their own."""
    return isinstance(annotation, type) and (is_dataclass(annotation) or is_model(annotation))


def is_mapping(annotation: Any) -> bool:
    """Tell whether a type is a mapping with keys of the user's choice."""
    return (get_origin(annotation) or annotation) in _MAPPINGS


def is_series(annotation: Any) -> bool:
    """Tell whether a type is a list of values, in any form."""
    return (get_origin(annotation) or annotation) in _SERIES


def _of_section(
    cls: type, path: tuple[str, ...], fields: tuple[PropertyField, ...], owners: tuple[type, ...]
) -> Iterator[Key]:
    if takes_any_key(cls):
        yield Key(path, fields, owners, True)

    for field in property_fields(cls):
        place = (*path, field.segment)
        yield from _of_value(field.annotation, place, (*fields, field), (*owners, cls))


def _of_value(
    annotation: Any, path: tuple[str, ...], fields: tuple[PropertyField, ...], owners: tuple[type, ...]
) -> Iterator[Key]:
    plain = False
    for member in members_of(annotation):
        if is_section(member):
            yield from _nested(member, path, fields, owners)
        elif is_mapping(member):
            entries = [it for it in members_of((get_args(member) or (Any, Any))[1]) if is_section(it)]
            for entry in entries:
                yield from _nested(entry, (*path, ANY_NAME), fields, owners)

            if not entries:
                yield Key(path, fields, owners, True)
        elif member is Any or member is object:
            yield Key(path, fields, owners, True)
        elif not plain:
            plain = True
            yield Key(path, fields, owners)
            if is_series(member):
                for item in (it for argument in get_args(member) for it in members_of(argument)):
                    if is_section(item):
                        yield from _nested(item, (*path, ITEM), fields, owners)


def _nested(
    cls: type, path: tuple[str, ...], fields: tuple[PropertyField, ...], owners: tuple[type, ...]
) -> Iterator[Key]:
    if cls in owners:
        yield Key(path, fields, owners, True)
    else:
        yield from _of_section(cls, path, fields, owners)

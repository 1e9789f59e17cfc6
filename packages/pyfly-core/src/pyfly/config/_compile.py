# SPDX-License-Identifier: Apache-2.0
"""From an annotation to the shape that reads its values; done once per annotation."""

from collections.abc import Callable, Mapping, MutableMapping, MutableSequence, Sequence, Set
from dataclasses import is_dataclass
from enum import Enum
from functools import lru_cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, NewType, Union, get_args, get_origin

from pyfly.config._models import Document, Model, external, is_model
from pyfly.config._records import Record
from pyfly.config._scalars import SCALARS, enumeration, instance, literal
from pyfly.config._shapes import Anything, Either, Nullable, Scalar, Series, Shape, Table

_BUILDERS: Mapping[Any, Callable[[Sequence[Any]], Any]] = {
    list: list,
    Sequence: list,
    MutableSequence: list,
    set: set,
    Set: set,
    frozenset: frozenset,
    tuple: tuple,
}
_MAPPINGS = (dict, Mapping, MutableMapping)


def shape_of(annotation: Any) -> Shape:
    """Return the shape of values that become instances of ``annotation``."""
    bare = _bare(annotation)
    return _compiled(bare, repr(bare), False)


def document_shape_of(annotation: Any) -> Shape:
    """Return the shape of values that pydantic still has to judge."""
    bare = _bare(annotation)
    return _compiled(bare, repr(bare), True)


@lru_cache(maxsize=2048)
def _compiled(annotation: Any, _written: str, for_pydantic: bool) -> Shape:
    # `int | bool` equals `bool | int`, and they are not tried in the same order: hence the text in the key.
    nested = document_shape_of if for_pydantic else shape_of
    origin = get_origin(annotation) or annotation
    arguments = get_args(annotation)
    if origin in (Union, UnionType):
        return _union([argument for argument in arguments if argument is not NoneType], nested, annotation)

    if origin in _BUILDERS:
        return _series(origin, arguments, nested, list if for_pydantic else _BUILDERS[origin])

    if origin in _MAPPINGS:
        key, value = arguments or (Any, Any)
        item = nested(value)
        return Table(nested(key), item, flat=isinstance(item, Scalar))

    if is_model(origin):
        return Document(origin, document_shape_of) if for_pydantic else Model(origin, document_shape_of)

    if isinstance(origin, type) and is_dataclass(origin):
        return Record(origin, shape_of)

    return _lenient(origin) if for_pydantic else _scalar(origin, arguments)


def _bare(annotation: Any) -> Any:
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif isinstance(annotation, NewType):
            annotation = annotation.__supertype__
        elif hasattr(annotation, "__value__"):
            annotation = annotation.__value__
        else:
            return annotation


def _union(members: list[Any], nested: Callable[[Any], Shape], annotation: Any) -> Shape:
    # Text fits everything that is written as text, so it is the last to be tried.
    shapes = tuple(nested(member) for member in sorted(members, key=lambda member: member is str))
    takes_empty_text = any(shape.takes_empty_text for shape in shapes)
    expected = " or ".join(dict.fromkeys(shape.expected for shape in shapes))
    inner = shapes[0] if len(shapes) == 1 else Either(shapes, expected, takes_empty_text)
    if NoneType not in get_args(annotation):
        return inner

    return Nullable(inner, expected, takes_empty_text)


def _series(
    origin: Any,
    arguments: tuple[Any, ...],
    nested: Callable[[Any], Shape],
    build: Callable[[Sequence[Any]], Any],
) -> Series:
    if origin is tuple and arguments and arguments[-1] is not Ellipsis:
        shapes = tuple(nested(argument) for argument in arguments)
        expected = f"a list of {len(shapes)} values"
        return Series(expected, lambda count: shapes if count == len(shapes) else None, build)

    item = nested(arguments[0] if arguments else Any)
    return Series("a list", lambda count: (item,) * count, build)


def _scalar(origin: Any, arguments: tuple[Any, ...]) -> Shape:
    if origin is Any or origin is object:
        return Anything()

    if origin is Literal:
        return literal(arguments)

    if origin in SCALARS:
        return SCALARS[origin]

    if isinstance(origin, type) and issubclass(origin, Enum):
        return enumeration(origin)

    if getattr(origin, "__module__", "").partition(".")[0] == "pydantic":
        return Scalar(f"a {origin.__name__}", external(origin), takes_empty_text=True)

    return instance(origin if isinstance(origin, type) else object)


def _lenient(origin: Any) -> Shape:
    if origin is Any or origin is object:
        return Anything()

    known = SCALARS.get(origin)
    if known is None:
        return Scalar("a value", lambda value: value, takes_empty_text=True)

    def parse(value: Any) -> Any:
        try:
            return known.parse(value) if isinstance(value, str) else value
        except (ValueError, TypeError, ArithmeticError):
            return value

    return Scalar(known.expected, parse, takes_empty_text=known.takes_empty_text)

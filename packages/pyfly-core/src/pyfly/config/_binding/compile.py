# SPDX-License-Identifier: Apache-2.0
"""From an annotation to the shape that reads its values; done once per annotation."""

from collections.abc import Callable, Mapping, MutableMapping, MutableSequence, Sequence, Set
from dataclasses import is_dataclass, replace
from enum import Enum
from functools import lru_cache
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pyfly.config._annotations import bare
from pyfly.config._binding.collections import Series, Table
from pyfly.config._binding.constrained import constrained
from pyfly.config._binding.model_input import Alternatives, Document, is_validated
from pyfly.config._binding.models import Model, external
from pyfly.config._binding.records import Record
from pyfly.config._binding.scalars import SCALARS, enumeration, instance, literal
from pyfly.config._binding.shapes import Anything, Either, Nullable, Scalar, Shape

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
    """Return the shape of values that become instances of ``annotation``.

    Raises:
        Unsupported: If it has a constraint that cannot be checked.
    """
    plain, metadata = bare(annotation)
    return constrained(_shape(plain, False), metadata)


def document_shape_of(annotation: Any) -> Shape:
    """Return the shape of values that pydantic still has to judge, constraints included."""
    plain, _ = bare(annotation)
    return _shape(plain, True)


def check(shape: Shape) -> None:
    """Make sure that everything below a shape can be read, also where no value ever comes to be read.

    Raises:
        ConfigurationError: If something cannot.
    """
    seen: set[int] = set()
    waiting = [shape]
    while waiting:
        current = waiting.pop()
        if id(current) not in seen:
            seen.add(id(current))
            waiting.extend(current.parts())


def _shape(bare: Any, for_pydantic: bool) -> Shape:
    try:
        hash(bare)
    except TypeError:
        # Somebody's metadata, deep within, cannot be a key.
        return _compiled.__wrapped__(bare, "", for_pydantic)

    return _compiled(bare, repr(bare), for_pydantic)


@lru_cache(maxsize=2048)
def _compiled(annotation: Any, _written: str, for_pydantic: bool) -> Shape:
    # `int | bool` equals `bool | int`, and they are not tried in the same order: hence the text in the key.
    nested = document_shape_of if for_pydantic else shape_of
    origin = get_origin(annotation) or annotation
    arguments = get_args(annotation)
    if origin in (Union, UnionType):
        return _union(annotation, nested, for_pydantic)

    if origin in _BUILDERS:
        return _series(origin, arguments, nested, list if for_pydantic else _BUILDERS[origin])

    if origin in _MAPPINGS:
        key, value = arguments or (Any, Any)
        item = nested(value)
        name = nested(key)
        return Table(name, item, flat=isinstance(item, Scalar), secret=item.secret or name.secret)

    if is_validated(origin):
        return Document(origin, document_shape_of) if for_pydantic else Model(origin, document_shape_of)

    if isinstance(origin, type) and is_dataclass(origin):
        return Record(origin, shape_of)

    return _lenient(origin) if for_pydantic else _scalar(origin, arguments)


def _union(annotation: Any, nested: Callable[[Any], Shape], for_pydantic: bool) -> Shape:
    members = [argument for argument in get_args(annotation) if argument is not NoneType]
    # Text fits everything that is written as text, so it is the last to be tried.
    shapes = tuple(nested(member) for member in sorted(members, key=lambda member: member is str))
    inner = shapes[0] if len(shapes) == 1 else _either(shapes, for_pydantic)
    if NoneType not in get_args(annotation):
        return inner

    return Nullable(inner, inner.expected, inner.takes_empty_text, inner.secret)


def _either(shapes: tuple[Shape, ...], for_pydantic: bool) -> Shape:
    takes_empty_text = any(shape.takes_empty_text for shape in shapes)
    expected = " or ".join(dict.fromkeys(shape.expected for shape in shapes))
    secret = any(shape.secret for shape in shapes)
    if not for_pydantic:
        return Either(shapes, expected, takes_empty_text, secret)

    scalars = tuple(shape for shape in shapes if isinstance(shape, Scalar))
    plain = scalars[0] if len(scalars) == 1 else _either(scalars, False) if scalars else None
    return Alternatives(shapes, plain, expected, takes_empty_text, secret)


def _series(
    origin: Any,
    arguments: tuple[Any, ...],
    nested: Callable[[Any], Shape],
    build: Callable[[Sequence[Any]], Any],
) -> Series:
    if origin is tuple and arguments and arguments[-1] is not Ellipsis:
        shapes = tuple(nested(argument) for argument in arguments)
        expected = f"a list of {len(shapes)} values"
        secret = any(shape.secret for shape in shapes)
        fixed = lambda count: shapes if count == len(shapes) else None  # noqa: E731
        return Series(expected, fixed, build, shapes, secret=secret)

    item = nested(arguments[0] if arguments else Any)
    return Series("a list", lambda count: (item,) * count, build, (item,), secret=item.secret)


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
        return Scalar(_noun(origin), external(origin), True, secret=_is_secret(origin))

    return instance(origin if isinstance(origin, type) else object)


def _lenient(origin: Any) -> Shape:
    if origin is Any or origin is object:
        return Anything()

    known = SCALARS.get(origin)
    if known is None:
        return Scalar("a value", lambda value: value, takes_empty_text=True, secret=_is_secret(origin))

    def parse(value: Any) -> Any:
        try:
            return known.parse(value) if isinstance(value, str) else value
        except (ValueError, TypeError, ArithmeticError):
            return value

    return replace(known, parse=parse)


def _is_secret(origin: Any) -> bool:
    return hasattr(origin, "get_secret_value")


def _noun(origin: Any) -> str:
    return "text" if _is_secret(origin) else f"a {origin.__name__}"

# SPDX-License-Identifier: Apache-2.0
"""Type hints as people write them."""

from types import NoneType, UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin

PLAIN_VALUES: Final[frozenset[Any]] = frozenset({str, int, float, bool, bytes})
"""Types that mean a value rather than a collaborator: a parameter default beats a bean of such a type."""


def names_class(hint: object) -> bool:
    """Return whether a hint names a class, or a parametrised one, that beans can be of."""
    target = get_origin(hint) or hint
    return isinstance(target, type) and target not in (type, object, Any, NoneType, UnionType)


def type_name(target: object) -> str:
    """Return the name of a class or type hint as a reader would write it."""
    origin, arguments = get_origin(target), get_args(target)
    if origin is None or origin is target:
        name = getattr(target, "__name__", None)
        return "None" if target is NoneType else name if isinstance(name, str) else str(target)

    if origin is Annotated:
        return type_name(arguments[0])

    if origin in (Union, UnionType):
        return " | ".join(type_name(argument) for argument in arguments)

    inside = ", ".join("..." if argument is Ellipsis else type_name(argument) for argument in arguments)
    return f"{type_name(origin)}[{inside}]"

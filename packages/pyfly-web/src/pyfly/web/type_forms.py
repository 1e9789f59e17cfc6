# SPDX-License-Identifier: Apache-2.0
"""Questions about types, asked when routes are compiled."""

from collections.abc import Mapping
from dataclasses import is_dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel


def bare(hint: Any) -> Any:
    """Return a hint without its top metadata."""
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


def admits_none(hint: Any) -> bool:
    """Tell whether ``None`` is a value of the type."""
    target = bare(hint)
    return target in (None, NoneType, Any, object) or any(admits_none(member) for member in members(target))


def members(hint: Any) -> tuple[Any, ...]:
    """Return the members of a union, or nothing for other types."""
    return get_args(hint) if get_origin(hint) in (Union, UnionType) else ()


def without_none(hint: Any) -> Any:
    """Return the type behind ``T | None``; a union of several others stays as it is."""
    others = [member for member in members(hint) if member is not NoneType]
    return others[0] if len(others) == 1 else hint


def element_type(hint: Any) -> Any:
    """Return the element type of a list, set, frozenset or ``tuple[T, ...]``, or ``None`` for other types."""
    target = without_none(bare(hint))
    if target in (list, set, frozenset, tuple):
        return str

    arguments = get_args(target)
    if get_origin(target) in (list, set, frozenset):
        return arguments[0]

    if get_origin(target) is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        return arguments[0]

    return None


def model_type(hint: Any) -> type[BaseModel] | None:
    """Return the model behind ``Model`` or ``Model | None``."""
    target = without_none(bare(hint))
    return target if isinstance(target, type) and issubclass(target, BaseModel) else None


def is_structured(hint: Any) -> bool:
    """Tell whether no single text can stand for a value of the type."""
    target = without_none(bare(hint))
    origin = get_origin(target) or target
    if origin is Literal or not isinstance(origin, type):
        return any(is_structured(member) for member in members(target))

    return (
        issubclass(origin, BaseModel | Mapping | list | set | frozenset | tuple)
        or is_dataclass(origin)
        or is_typed_dict(origin)
    )


def is_typed_dict(hint: Any) -> bool:
    """Tell whether a type is a ``TypedDict``, that of the standard library or that of typing-extensions."""
    return isinstance(hint, type) and issubclass(hint, dict) and hasattr(hint, "__required_keys__")


def shown(hint: Any) -> str:
    """Return a type as a reader would write it."""
    target = without_none(bare(hint))
    return (
        target.__name__
        if isinstance(target, type) and not get_args(target)
        else str(target).replace("typing.", "")
    )

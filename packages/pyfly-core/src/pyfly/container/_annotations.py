# SPDX-License-Identifier: Apache-2.0
"""Type hints of members, each evaluated on its own so that one broken hint can be named."""

import sys
from collections.abc import Mapping
from typing import Any, Generic, TypeVar, get_args, get_origin, get_type_hints


class HintHolder:
    """Something with exactly one annotation, for the standard library to evaluate."""

    def __init__(self, hint: Any) -> None:
        self.__annotations__ = {"hint": hint}


def raw_annotations(owner: Any) -> Mapping[str, Any]:
    """Return the annotations of a function or of a class itself, without evaluating strings in them."""
    if sys.version_info >= (3, 14):
        from annotationlib import Format, get_annotations

        return get_annotations(owner, format=Format.FORWARDREF)

    annotations: Mapping[str, Any] = (
        vars(owner).get("__annotations__", {}) if isinstance(owner, type) else owner.__annotations__
    )
    return annotations


def evaluate(hint: Any, module: str, local_names: Mapping[str, Any]) -> Any:
    """Evaluate one hint.

    Args:
        hint: The hint, or its text.
        module: Where it is written.
        local_names: The namespace of the class around it; only its nested classes can be part of a hint, a
            method named ``list`` hides nothing.

    Raises:
        NameError: A name in the hint is not known at run time.
        TypeError: The hint is no type.
    """
    if hint is None or (isinstance(hint, type) and not hasattr(hint, "__args__")):
        return type(None) if hint is None else hint

    names = vars(sys.modules[module]) if module in sys.modules else {}
    nested = {name: value for name, value in local_names.items() if isinstance(value, type)}
    try:
        return get_type_hints(HintHolder(hint), dict(names), nested, include_extras=True)["hint"]
    except (AttributeError, SyntaxError) as error:
        raise TypeError(str(error)) from error


def type_variables(cls: type) -> dict[Any, Any]:
    """Return what a class and its bases made of the type variables of their generic bases."""
    found: dict[Any, Any] = {}
    for klass in cls.__mro__:
        for base in vars(klass).get("__orig_bases__", ()):
            origin = get_origin(base)
            parameters = getattr(origin, "__parameters__", ())
            if origin is Generic or not parameters:
                continue

            for parameter, argument in zip(parameters, get_args(base), strict=False):
                found.setdefault(parameter, found.get(argument, argument))

    return {variable: value for variable, value in found.items() if variable is not value}


def generic_arguments(target: Any) -> set[Any]:
    """Return every concrete argument among the generic bases of a class, or of a parametrised generic."""
    seen: set[Any] = set()
    pending = [target]
    while pending:
        current = pending.pop()
        origin = get_origin(current)
        if origin is not None:
            seen.update(argument for argument in get_args(current) if not isinstance(argument, TypeVar))
            current = origin

        for klass in getattr(current, "__mro__", ()):
            bases = [
                base
                for base in vars(klass).get("__orig_bases__", ())
                if get_origin(base) not in (None, Generic)
            ]
            pending += [base for base in bases if base not in seen]
            seen.update(bases)

    return seen

# SPDX-License-Identifier: Apache-2.0
"""Read from a listener's annotations which classes it listens for."""

from collections.abc import Callable
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from pyfly.container.exceptions import BeanCreationException


def parameter_hints(function: Callable[..., Any], owner: type) -> list[object]:
    """Give the resolved annotations of a method's parameters, in order.

    Args:
        function: The method.
        owner: The class that has it.

    Raises:
        BeanCreationException: An annotation cannot be resolved.
    """
    try:
        hints = get_type_hints(function, localns={owner.__name__: owner})
    except NameError as failure:
        listener = f"{owner.__module__}.{owner.__qualname__}.{function.__name__}()"
        raise BeanCreationException(
            "events",
            listener,
            f"the name {failure.name!r} in an annotation of this listener does not exist at run time; "
            "import it at the top of the module, outside TYPE_CHECKING, "
            "or name the event: @app_event_listener(event=...)",
        ) from failure

    hints.pop("return", None)
    return list(hints.values())


def classes_in(hint: object) -> tuple[type, ...]:
    """Give the classes that an annotation stands for; none when it is not made of classes.

    Args:
        hint: A resolved annotation.
    """
    origin = get_origin(hint)
    if origin is Union or origin is UnionType:
        members = [classes_in(member) for member in get_args(hint) if member is not NoneType]
        return tuple(cls for member in members for cls in member) if all(members) else ()

    if isinstance(origin, type):
        return (origin,)

    return (hint,) if isinstance(hint, type) and hint is not Any else ()

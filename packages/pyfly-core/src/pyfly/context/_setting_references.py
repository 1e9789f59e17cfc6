# SPDX-License-Identifier: Apache-2.0
"""The settings that the code of beans names: in conditions, ``Value`` and other decorations."""

import re
from collections.abc import Iterable, Iterator
from inspect import isfunction, unwrap
from typing import Any

from pyfly.container._annotations import raw_annotations

_PLACEHOLDER = re.compile(r"\$\{([^${}:]+)")
_MARK = "__pyfly_"


def referenced_settings(classes: Iterable[type]) -> Iterator[str]:
    """Yield the keys, and names of variables, that classes and their methods refer to; some more than once.

    Args:
        classes: Bean classes, those that conditions leave out included.
    """
    for klass in dict.fromkeys(base for cls in classes for base in cls.__mro__ if base is not object):
        yield from _named_by(klass)
        for member in vars(klass).values():
            function = getattr(member, "__func__", member)
            if isfunction(function):
                yield from _named_by(unwrap(function))
                yield from _placeholders((function.__defaults__, function.__kwdefaults__))
            elif isinstance(member, str) or hasattr(type(member), "__pyfly_provide__"):
                yield from _placeholders(member)


def _named_by(owner: Any) -> Iterator[str]:
    for condition in vars(owner).get("__pyfly_conditions__", ()):
        if condition["type"] == "on_property":
            yield condition["key"]

    yield from _placeholders([value for name, value in vars(owner).items() if name.startswith(_MARK)])
    yield from _placeholders(dict(raw_annotations(owner)))


def _placeholders(thing: object) -> Iterator[str]:
    # Whatever carries an expression shows it: a Value, an Annotated hint, the facts of a decorator.
    try:
        shown = repr(thing)
    except Exception:
        # An object of others that cannot be shown is no place where settings are named.
        return iter(())

    return (found.strip() for found in _PLACEHOLDER.findall(shown))

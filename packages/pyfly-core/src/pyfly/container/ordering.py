# SPDX-License-Identifier: Apache-2.0
"""Explicit order among beans: lower values come first."""

from collections.abc import Callable
from typing import Final, TypeVar

HIGHEST_PRECEDENCE: Final = -(2**31)
LOWEST_PRECEDENCE: Final = 2**31 - 1

_ORDER: Final = "__pyfly_order__"

_Decorated = TypeVar("_Decorated")


def order(value: int) -> Callable[[_Decorated], _Decorated]:
    """Give a class or a method its place among others; lower values come first.

    Args:
        value: Any integer between ``HIGHEST_PRECEDENCE`` and ``LOWEST_PRECEDENCE``; without the decorator it
            is 0.
    """

    def decorate(target: _Decorated) -> _Decorated:
        setattr(target, _ORDER, value)
        return target

    return decorate


def get_order(target: object) -> int:
    """Return the order given to a class (inherited ones count) or to a method; 0 when there is none."""
    return int(getattr(target, _ORDER, 0))

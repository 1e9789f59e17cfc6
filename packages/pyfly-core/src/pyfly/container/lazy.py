# SPDX-License-Identifier: Apache-2.0
"""Beans that wait until they are needed."""

from threading import RLock
from typing import Any, Final, Generic, TypeVar

from pyfly.container.provider import BeanType, Resolver

T = TypeVar("T")
_D = TypeVar("_D")

_LAZY: Final = "__pyfly_lazy__"


def lazy(cls: _D) -> _D:
    """Create the bean at its first use instead of at start; works on classes and on ``@bean`` methods."""
    setattr(cls, _LAZY, True)
    return cls


class Lazy(Generic[T]):
    """Resolves a bean at the first call and returns the same object from then on.

    Args:
        container: Where to resolve.
        cls: What to resolve.
    """

    __slots__ = ("_cls", "_container", "_found", "_lock")

    def __init__(self, container: Resolver, cls: BeanType[T]) -> None:
        self._container = container
        self._cls = cls
        self._found: list[T] = []
        self._lock = RLock()

    def get(self) -> T:
        """Return the bean, resolving it the first time."""
        if not self._found:
            with self._lock:
                if not self._found:
                    self._found.append(self._container.resolve(self._cls))

        return self._found[0]

    def __call__(self) -> T:
        """Return the bean, resolving it the first time."""
        return self.get()

    def __repr__(self) -> str:
        state: Any = "resolved" if self._found else "not resolved"
        return f"Lazy({self._cls!r}, {state})"

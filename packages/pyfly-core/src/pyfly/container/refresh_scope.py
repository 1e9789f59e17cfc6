# SPDX-License-Identifier: Apache-2.0
"""The refresh scope: beans that live until the configuration is refreshed."""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from threading import RLock
from typing import Any, Final, TypeVar

from pyfly.container.types import ScopeHandler

REFRESH_SCOPE_NAME: Final = "refresh"

_SCOPE: Final = "__pyfly_scope__"

_C = TypeVar("_C", bound=type)


def refresh_scope(cls: _C) -> _C:
    """Give a bean the refresh scope; put this outside the stereotype, which writes a scope of its own."""
    setattr(cls, _SCOPE, REFRESH_SCOPE_NAME)
    return cls


class RefreshScope(ScopeHandler):
    """Keeps each object until it is evicted."""

    def __init__(self) -> None:
        self._objects: dict[str, Any] = {}
        # One lock per name: threads that make different beans could wait for each other over a single one.
        self._locks: dict[str, AbstractContextManager[bool]] = {}

    def get(self, name: str, object_factory: Callable[[], Any]) -> Any:
        """Return the object kept under ``name``, made the first time; ``None`` is kept too."""
        with self._locks.setdefault(name, RLock()):
            if name not in self._objects:
                self._objects[name] = object_factory()

            return self._objects[name]

    def remove(self, name: str) -> Any | None:
        """Evict one object and return it, or ``None`` when nothing is kept under ``name``."""
        with self._locks.setdefault(name, RLock()):
            return self._objects.pop(name, None)

    def evict(self, spared: Collection[str] = ()) -> dict[str, Any]:
        """Evict everything but what is spared and return it, by name."""
        evicted: dict[str, Any] = {}
        for name, lock in list(self._locks.items()):
            if name in spared:
                continue

            with lock:
                if name in self._objects:
                    evicted[name] = self._objects.pop(name)

        return evicted

    def refresh(self) -> list[str]:
        """Evict everything and return the names."""
        return list(self.evict())

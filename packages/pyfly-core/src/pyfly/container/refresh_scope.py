# SPDX-License-Identifier: Apache-2.0
"""The refresh scope: beans that live until the configuration is refreshed."""

from collections.abc import Callable
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
    """Keeps each object until :meth:`refresh` evicts all of them."""

    def __init__(self) -> None:
        self._objects: dict[str, Any] = {}
        self._lock = RLock()

    def get(self, name: str, object_factory: Callable[[], Any]) -> Any:
        """Return the object kept under ``name``, made the first time; ``None`` is kept too."""
        with self._lock:
            if name not in self._objects:
                self._objects[name] = object_factory()

            return self._objects[name]

    def remove(self, name: str) -> Any | None:
        """Evict one object and return it, or ``None`` when nothing is kept under ``name``."""
        with self._lock:
            return self._objects.pop(name, None)

    def evict(self) -> dict[str, Any]:
        """Evict everything and return it, by name."""
        with self._lock:
            evicted, self._objects = self._objects, {}
            return evicted

    def refresh(self) -> list[str]:
        """Evict everything and return the names."""
        return list(self.evict())

# SPDX-License-Identifier: Apache-2.0
"""Scopes: how long a bean lives, and who keeps it meanwhile."""

from collections.abc import Callable
from enum import Enum, auto
from typing import Any, Protocol, TypeAlias, runtime_checkable


class Scope(Enum):
    """Built-in lifetimes of a bean."""

    SINGLETON = auto()
    TRANSIENT = auto()
    REQUEST = auto()
    SESSION = auto()


ScopeSpec: TypeAlias = Scope | str
"""A built-in scope, or the name of a custom one."""


def scope_name(scope: ScopeSpec) -> str:
    """Return the member name of a built-in scope, or the name of a custom one as it is."""
    return scope.name if isinstance(scope, Scope) else scope


@runtime_checkable
class ScopeHandler(Protocol):
    """Keeps the beans of one custom scope.

    A handler decides what "the current" scope is (a tenant, a job, a conversation) and keeps one object per
    name in it. Handlers are called from any thread that resolves a bean.
    """

    def get(self, name: str, object_factory: Callable[[], Any]) -> Any:
        """Return the object kept under ``name``, made at most once until it is evicted."""
        ...

    def remove(self, name: str) -> Any | None:
        """Evict the object kept under ``name`` and return it, or return ``None`` when there is none."""
        ...

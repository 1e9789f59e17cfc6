# SPDX-License-Identifier: Apache-2.0
"""A deferred handle on a bean."""

from collections.abc import Callable
from typing import Any, Generic, Protocol, TypeAlias, TypeVar, overload

T = TypeVar("T")

BeanType: TypeAlias = type[T] | Callable[..., T]
"""A class to resolve; abstract classes and protocols too, which type checkers keep out of ``type[T]``."""

_D = TypeVar("_D")


class Resolver(Protocol):
    """What a handle needs of the container."""

    def resolve(self, cls: BeanType[T], /) -> T: ...

    async def aresolve(self, cls: BeanType[T], /) -> T: ...

    def resolve_all(self, cls: BeanType[T], /) -> list[T]: ...


class Provider(Generic[T]):
    """Resolves a bean each time it is asked, not when it is injected.

    It lets a singleton use request-scoped beans, breaks circles, and defers costly beans.

    Args:
        container: Where to resolve.
        cls: What to resolve: a class, or any other form that an injection point knows.
    """

    __slots__ = ("_cls", "_container")

    def __init__(self, container: Resolver, cls: BeanType[T]) -> None:
        self._container = container
        self._cls = cls

    def get(self) -> T:
        """Resolve the bean now."""
        return self._container.resolve(self._cls)

    def __call__(self) -> T:
        """Resolve the bean now."""
        return self._container.resolve(self._cls)

    async def aget(self) -> T:
        """Resolve the bean now, awaiting asynchronous factories and hooks."""
        return await self._container.aresolve(self._cls)

    @overload
    def get_if_available(self) -> T | None: ...

    @overload
    def get_if_available(self, default: _D) -> T | _D: ...

    def get_if_available(self, default: Any = None) -> Any:
        """Resolve the bean, or return ``default`` when there is no candidate."""
        asked: Any = self._cls
        found: Any = self._container.resolve(asked | None)
        return default if found is None else found

    def get_all(self) -> list[T]:
        """Resolve every bean of the type, in order."""
        return self._container.resolve_all(self._cls)

    def __repr__(self) -> str:
        return f"Provider({self._cls!r})"

# SPDX-License-Identifier: Apache-2.0
"""Bean factories and the ways to choose among several candidates."""

from collections.abc import Callable
from typing import Any, Final, TypeVar, overload

from pyfly.container.types import Scope, ScopeSpec

_F = TypeVar("_F", bound=Callable[..., Any])
_T = TypeVar("_T")

_PRIMARY: Final = "__pyfly_primary__"


@overload
def bean(method: _F, /) -> _F: ...


@overload
def bean(
    *, name: str = "", scope: ScopeSpec = Scope.SINGLETON, primary: bool = False, profile: str = ""
) -> Callable[[_F], _F]: ...


def bean(
    method: _F | None = None,
    /,
    *,
    name: str = "",
    scope: ScopeSpec = Scope.SINGLETON,
    primary: bool = False,
    profile: str = "",
) -> _F | Callable[[_F], _F]:
    """Mark a method of a ``@configuration`` class as the factory of a bean.

    The return annotation is the type of the bean, the parameters are injected. The method may be ``def``,
    ``async def`` or a generator of either kind that yields once: what follows the ``yield`` cleans up when
    the scope of the bean ends.

    Args:
        method: The method, when the decorator is used without parentheses.
        name: Name of the bean; the method's name when empty.
        scope: How long a product lives; a custom scope is given by its name.
        primary: Prefer this bean where several have the type asked for.
        profile: Profile expression that must hold for the bean to exist.
    """

    def mark(target: _F) -> _F:
        markers: dict[str, object] = {"__pyfly_bean__": True, "__pyfly_bean_scope__": scope}
        if name:
            markers["__pyfly_bean_name__"] = name

        if primary:
            markers["__pyfly_bean_primary__"] = True

        if profile:
            markers["__pyfly_profile__"] = profile

        for marker, value in markers.items():
            setattr(target, marker, value)

        return target

    return mark if method is None else mark(method)


def primary(cls: _T) -> _T:
    """Prefer this class where several beans have the type asked for."""
    setattr(cls, _PRIMARY, True)
    return cls


class Qualifier:
    """Choose a bean by name: ``Annotated[DataSource, Qualifier("reporting")]``."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Qualifier) and other.name == self.name

    def __hash__(self) -> int:
        return hash((Qualifier, self.name))

    def __repr__(self) -> str:
        return f"Qualifier({self.name!r})"

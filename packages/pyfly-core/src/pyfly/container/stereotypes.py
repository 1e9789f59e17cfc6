# SPDX-License-Identifier: Apache-2.0
"""Stereotypes: the decorators that make a class a bean and say what part it plays."""

from collections.abc import Callable
from typing import Protocol, TypeVar, overload

from pyfly.container.types import Scope, ScopeSpec

_C = TypeVar("_C", bound=type)


class Stereotype(Protocol):
    """A decorator that works bare (``@service``) and called (``@service(name="orders")``)."""

    __name__: str
    __qualname__: str

    @overload
    def __call__(self, cls: _C, /) -> _C: ...

    @overload
    def __call__(
        self,
        *,
        name: str = "",
        scope: ScopeSpec = Scope.SINGLETON,
        profile: str = "",
        condition: Callable[..., bool] | None = None,
    ) -> Callable[[_C], _C]: ...


def _stereotype(kind: str, doc: str) -> Stereotype:
    def decorator(
        cls: _C | None = None,
        /,
        *,
        name: str = "",
        scope: ScopeSpec = Scope.SINGLETON,
        profile: str = "",
        condition: Callable[..., bool] | None = None,
    ) -> _C | Callable[[_C], _C]:
        def mark(target: _C) -> _C:
            markers: dict[str, object] = {
                "__pyfly_injectable__": True,
                "__pyfly_stereotype__": kind,
                "__pyfly_scope__": scope,
                "__pyfly_condition__": condition,
            }
            if name:
                markers["__pyfly_bean_name__"] = name

            if profile:
                markers["__pyfly_profile__"] = profile

            for marker, value in markers.items():
                setattr(target, marker, value)

            return target

        return mark if cls is None else mark(cls)

    decorator.__name__ = decorator.__qualname__ = kind
    decorator.__doc__ = doc + _ARGS
    return decorator  # type: ignore[return-value]  # overloads of a closure cannot be spelled


_ARGS = """

    Args:
        name: Name of the bean; without one it is reachable by type only.
        scope: How long an instance lives; a custom scope is given by its name.
        profile: Profile expression that must hold for the bean to exist, such as ``"prod & !eu"``.
        condition: Called without arguments at start; a false result drops the bean.
    """

component = _stereotype("component", "Mark a class as a bean without a special part to play.")
service = _stereotype("service", "Mark a class that holds application logic.")
repository = _stereotype("repository", "Mark a class that stores and finds things.")
controller = _stereotype("controller", "Mark a class that answers requests.")
rest_controller = _stereotype("rest_controller", "Mark a class that answers HTTP requests with data.")
configuration = _stereotype("configuration", "Mark a class whose ``@bean`` methods make beans.")
shell_component = _stereotype("shell_component", "Mark a class whose methods are shell commands.")
controller_advice = _stereotype(
    "controller_advice", "Mark a class whose exception handlers serve all controllers."
)

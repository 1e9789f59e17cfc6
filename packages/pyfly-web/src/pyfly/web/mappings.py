# SPDX-License-Identifier: Apache-2.0
"""Decorators that say which requests a controller method answers."""

from collections.abc import Callable
from typing import Any, NotRequired, Protocol, TypedDict, TypeVar

from pyfly.web.decoration_site import remember_names

C = TypeVar("C", bound=type)
F = TypeVar("F", bound=Callable[..., Any])


class Mapping(TypedDict):
    """What a mapping decorator leaves on a method."""

    method: str
    path: str
    status_code: int
    produces: NotRequired[str]


class MethodMapping(Protocol):
    """The five decorators of methods have this type."""

    __name__: str
    __qualname__: str

    def __call__(
        self, path: str = "", *, status_code: int = 200, produces: str | None = None
    ) -> Callable[[F], F]: ...


def request_mapping(path: str) -> Callable[[C], C]:
    """Give all paths of a controller class a common beginning.

    Args:
        path: The beginning, such as ``"/api/orders"``; it may hold variables.
    """

    def decorate(cls: C) -> C:
        setattr(cls, "__pyfly_request_mapping__", path.rstrip("/"))  # noqa: B010 - a TypeVar has no attributes
        return cls

    return decorate


def _method_mapping(method: str) -> MethodMapping:
    def mapping(path: str = "", *, status_code: int = 200, produces: str | None = None) -> Callable[[F], F]:
        def decorate(func: F) -> F:
            added = Mapping(method=method, path=path, status_code=status_code)
            if produces is not None:
                added["produces"] = produces

            earlier = vars(func).get("__pyfly_mappings__", ())
            vars(func)["__pyfly_mappings__"] = (added, *earlier)
            vars(func)["__pyfly_mapping__"] = added
            remember_names(func)
            return func

        return decorate

    mapping.__name__ = mapping.__qualname__ = f"{method.lower()}_mapping"
    mapping.__doc__ = f"""Answer {method} requests with the decorated method; several mappings may be stacked.

    Args:
        path: The path below that of the class, such as ``"/{{order_id}}"``. ``{{name}}`` stands for one
            segment, ``{{name:int}}`` for one of a kind (``str``, ``int``, ``float``, ``uuid``),
            ``{{name:path}}`` for the rest.
        status_code: Status of a normal answer.
        produces: Media type of a text, bytes or stream that the method returns, such as ``"text/csv"``.
    """
    return mapping


def non_blocking(func: F) -> F:
    """Let a plain (not async) handler run on the event loop instead of in a worker thread.

    For handlers that never wait for anything: while they run, nothing else does.
    """
    vars(func)["__pyfly_non_blocking__"] = True
    return func


def deprecated(func: F) -> F:
    """Show an endpoint as deprecated in the OpenAPI document; requests are served as before."""
    vars(func)["__pyfly_deprecated__"] = True
    return func


get_mapping = _method_mapping("GET")
post_mapping = _method_mapping("POST")
put_mapping = _method_mapping("PUT")
patch_mapping = _method_mapping("PATCH")
delete_mapping = _method_mapping("DELETE")

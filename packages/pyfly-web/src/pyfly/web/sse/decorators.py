# SPDX-License-Identifier: Apache-2.0
"""The decorator of event streams."""

from collections.abc import Callable
from typing import Any, TypedDict, TypeVar

from pyfly.web.decoration_site import remember_names

F = TypeVar("F", bound=Callable[..., Any])


class SseMapping(TypedDict):
    """What the decorator leaves on a method."""

    path: str


def sse_mapping(path: str = "") -> Callable[[F], F]:
    """Answer GET requests with a stream of server-sent events.

    The method is an asynchronous generator, or returns an asynchronous iterator or an `SseEmitter`. Its
    parameters, the handling of its errors and the filters around it are those of other endpoints.

    Args:
        path: The path below that of the class, with variables as in ``get_mapping``.
    """

    def decorate(func: F) -> F:
        vars(func)["__pyfly_sse_mapping__"] = SseMapping(path=path)
        remember_names(func)
        return func

    return decorate

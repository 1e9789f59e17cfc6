# SPDX-License-Identifier: Apache-2.0
"""The decorator of methods that answer for exceptions."""

from collections.abc import Callable
from typing import Any, TypeVar

from pyfly.web.decoration_site import remember_names

F = TypeVar("F", bound=Callable[..., Any])


def exception_handler(*exc_types: type[Exception], status_code: int = 200) -> Callable[[F], F]:
    """Let a method of a controller, or of a ``@controller_advice`` class, answer for exceptions.

    The method takes the exception, and parameters of the types that the web adapter injects, such as its
    request class. It returns ``(status, body)``, a response of the web adapter, or a body.

    Args:
        exc_types: The exceptions, subclasses included; the most derived match wins.
        status_code: Status of the answer when the method returns a plain body.

    Raises:
        TypeError: No exception type is given.
    """
    if not exc_types:
        raise TypeError("exception_handler() needs at least one exception type")

    def decorate(func: F) -> F:
        vars(func)["__pyfly_exception_handler__"] = exc_types[0] if len(exc_types) == 1 else exc_types
        vars(func)["__pyfly_exception_status__"] = status_code
        remember_names(func)
        return func

    return decorate

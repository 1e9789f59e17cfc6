# SPDX-License-Identifier: Apache-2.0
"""The methods that answer for exceptions, and the choice among them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyfly.web.binding import Exchange
from pyfly.web.binding.hints import handler_parameters
from pyfly.web.endpoints import marked_methods
from pyfly.web.errors import RouteDefinitionError


@dataclass(frozen=True, slots=True)
class ErrorHandler:
    """One ``@exception_handler`` method.

    Attributes:
        owner: The controller or advice class.
        name: Name of the method.
        function: The method as the class holds it.
        exc_types: The exceptions that it answers for.
        status_code: Status of a plain body that it returns.
        extras: What it takes after the exception.
    """

    owner: type
    name: str
    function: Callable[..., Any]
    exc_types: tuple[type[Exception], ...]
    status_code: int
    extras: tuple[Callable[[Exchange], Any], ...]


class ErrorHandlerTable:
    """Choose a handler: the first level that has a match, and in it the most derived exception type.

    Among equal types of one level the first handler wins.
    """

    __slots__ = ("_chosen", "_levels")

    def __init__(self, levels: Sequence[Sequence[ErrorHandler]]) -> None:
        self._levels = tuple(tuple(level) for level in levels if level)
        self._chosen: dict[type[Exception], ErrorHandler | None] = {}

    def find(self, exc_type: type[Exception]) -> ErrorHandler | None:
        """Return the handler of an exception type; the answer is remembered."""
        if not self._levels:
            return None

        try:
            return self._chosen[exc_type]
        except KeyError:
            found = self._chosen[exc_type] = self._search(exc_type)
            return found

    def _search(self, exc_type: type[Exception]) -> ErrorHandler | None:
        for level in self._levels:
            for base in exc_type.__mro__:
                for handler in level:
                    if base in handler.exc_types:
                        return handler

        return None


def error_handlers_of(
    cls: type, injectables: Mapping[type, Callable[[Exchange], Any]]
) -> tuple[ErrorHandler, ...]:
    """Return the exception handlers that a controller or advice class declares.

    Args:
        cls: The class.
        injectables: Classes whose instances a handler may ask for, each with the function that makes one.

    Raises:
        RouteDefinitionError: A handler takes no exception, or a parameter that cannot be injected.
    """
    handlers: list[ErrorHandler] = []
    for name, function in marked_methods(cls, "__pyfly_exception_handler__"):
        declared = getattr(function, "__pyfly_exception_handler__")  # noqa: B009 - functions have no such attribute
        status_code = getattr(function, "__pyfly_exception_status__", 200)
        handlers.append(
            ErrorHandler(
                cls,
                name,
                function,
                declared if isinstance(declared, tuple) else (declared,),
                status_code,
                _extras(cls, name, function, injectables),
            )
        )

    return tuple(handlers)


def _extras(
    cls: type, name: str, function: Callable[..., Any], injectables: Mapping[type, Callable[[Exchange], Any]]
) -> tuple[Callable[[Exchange], Any], ...]:
    parameters = handler_parameters(cls, function)
    if not parameters:
        raise RouteDefinitionError(
            "it does not take the exception.",
            "Give it a parameter for the exception.",
            controller=cls.__name__,
            method=name,
        )

    extras: list[Callable[[Exchange], Any]] = []
    for parameter in parameters[1:]:
        make = injectables.get(parameter.hint) if isinstance(parameter.hint, type) else None
        if make is None or parameter.keyword_only:
            known = ", ".join(kind.__name__ for kind in injectables) or "nothing"
            raise RouteDefinitionError(
                "an exception handler cannot be given this.",
                f"After the exception it can take: {known}.",
                controller=cls.__name__,
                method=name,
                parameter=parameter.name,
            )

        extras.append(make)

    return tuple(extras)

# SPDX-License-Identifier: Apache-2.0
"""What a controller class declares: which of its methods answer which requests."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from inspect import isasyncgenfunction, isfunction, isgeneratorfunction
from typing import Any

from pyfly.web.errors import RouteDefinitionError
from pyfly.web.routing import PathError, PathTemplate, join_paths


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method of a controller under one mapping.

    Attributes:
        controller: The controller class.
        name: Name of the method.
        function: The method as the class holds it.
        http_method: ``GET``, ``POST``, ...
        template: The full path.
        status_code: Status of a normal answer.
    """

    controller: type
    name: str
    function: Callable[..., Any]
    http_method: str
    template: PathTemplate
    status_code: int


def endpoints_of(controller: type) -> list[Endpoint]:
    """Return the endpoints of a controller in their order of declaration, inherited ones first.

    Raises:
        RouteDefinitionError: A path is impossible, or something other than an ordinary method is mapped.
    """
    base = getattr(controller, "__pyfly_request_mapping__", "")
    endpoints: list[Endpoint] = []
    for name, function in marked_methods(controller, "__pyfly_mapping__"):
        mappings = getattr(function, "__pyfly_mappings__", (getattr(function, "__pyfly_mapping__"),))  # noqa: B009
        for mapping in mappings:
            try:
                template = PathTemplate.parse(join_paths(base, mapping["path"]))
            except PathError as error:
                raise RouteDefinitionError(
                    f"the path {error}.",
                    "Correct the path in request_mapping or in the mapping of the method.",
                    controller=controller.__name__,
                    method=name,
                ) from error

            endpoints.append(
                Endpoint(controller, name, function, mapping["method"], template, mapping["status_code"])
            )

    return endpoints


def marked_methods(cls: type, marker: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield the methods of a class, inherited ones included, that carry a marker.

    Raises:
        RouteDefinitionError: The marker is on something other than an ordinary method.
    """
    names = dict.fromkeys(name for klass in reversed(cls.__mro__) for name in vars(klass))
    for name in names:
        member = next(vars(klass)[name] for klass in cls.__mro__ if name in vars(klass))
        if isinstance(member, type) or not hasattr(getattr(member, "__func__", member), marker):
            continue

        if not isfunction(member) or isasyncgenfunction(member) or isgeneratorfunction(member):
            raise RouteDefinitionError(
                "only ordinary methods, plain or async, can answer requests.",
                "Take the decorator off, or turn it into a method that takes self and returns its answer.",
                controller=cls.__name__,
                method=name,
            )

        yield name, member

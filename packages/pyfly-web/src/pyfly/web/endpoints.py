# SPDX-License-Identifier: Apache-2.0
"""What a controller class declares: which of its methods answer which requests."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from inspect import isfunction
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
        is_event_stream: Whether its results are sent as server-sent events.
        produces: Media type of its answers where the result does not decide it.
    """

    controller: type
    name: str
    function: Callable[..., Any]
    http_method: str
    template: PathTemplate
    status_code: int
    is_event_stream: bool = False
    produces: str | None = None


def endpoints_of(controller: type, base_path: str = "") -> list[Endpoint]:
    """Return the endpoints of a controller in their order of declaration, inherited ones first.

    Args:
        controller: The controller class.
        base_path: What all paths of the application begin with.

    Raises:
        RouteDefinitionError: A path is impossible, or something other than an ordinary method is mapped.
    """
    endpoints: list[Endpoint] = []
    for name, function in marked_methods(controller, "__pyfly_mapping__"):
        mappings = getattr(function, "__pyfly_mappings__", (getattr(function, "__pyfly_mapping__"),))  # noqa: B009
        for mapping in mappings:
            template = endpoint_template(controller, name, mapping["path"], base_path)
            status = mapping["status_code"]
            produces = mapping.get("produces")
            endpoints.append(
                Endpoint(controller, name, function, mapping["method"], template, status, produces=produces)
            )

    for name, function in marked_methods(controller, "__pyfly_sse_mapping__"):
        mapping = getattr(function, "__pyfly_sse_mapping__")  # noqa: B009 - functions have no such attribute
        template = endpoint_template(controller, name, mapping["path"], base_path)
        endpoints.append(Endpoint(controller, name, function, "GET", template, 200, is_event_stream=True))

    return endpoints


def endpoint_template(controller: type, name: str, path: str, base_path: str = "") -> PathTemplate:
    """Return the full path of a method: that of the application, the controller and the method, joined.

    Args:
        controller: The controller class.
        name: Name of the method.
        path: The path in the mapping of the method.
        base_path: What all paths of the application begin with.

    Raises:
        RouteDefinitionError: No request can have this path.
    """
    base = getattr(controller, "__pyfly_request_mapping__", "")
    try:
        return PathTemplate.parse(join_paths(base_path, base, path))
    except PathError as error:
        raise RouteDefinitionError(
            f"the path {error}.",
            "Correct the path in request_mapping or in the mapping of the method.",
            controller=controller.__name__,
            method=name,
        ) from error


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

        if not isfunction(member):
            raise RouteDefinitionError(
                "only ordinary methods can answer requests, plain or async, or generators.",
                "Take the decorator off, or turn it into a method that takes self and returns its answer.",
                controller=cls.__name__,
                method=name,
            )

        yield name, member

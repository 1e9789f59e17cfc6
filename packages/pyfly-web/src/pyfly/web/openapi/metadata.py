# SPDX-License-Identifier: Apache-2.0
"""What is known of one route before any schema is made: the feed of the document and of other lists."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from inspect import cleandoc
from typing import Annotated, Any, Final, get_origin

from pyfly.web.binding.hints import return_hint
from pyfly.web.binding.parameters import BoundParameter
from pyfly.web.endpoints import Endpoint
from pyfly.web.openapi.decorators import OperationOptions, operation_options
from pyfly.web.openapi.schemas import plain_schema
from pyfly.web.params import Body, Cookie, Header, PathVar, QueryParam
from pyfly.web.type_forms import bare, model_type, without_none

LOCATIONS: Final[Sequence[tuple[Any, str]]] = (
    (PathVar, "path"),
    (QueryParam, "query"),
    (Header, "header"),
    (Cookie, "cookie"),
)


@dataclass
class RouteMetadata:
    """Describe one route.

    Attributes:
        path: The full path as it is mapped, kinds of variables included.
        http_method: ``GET``, ``POST``, ...
        status_code: Status of a normal answer.
        handler: The function behind it.
        handler_name: Name of the function.
        parameters: Parameter objects of OpenAPI: ``{"name", "in", "required", "schema"}``. Schemas stand
            alone: what they refer to is inside them.
        request_body_model: Type of the body: ``str`` for text, ``bytes`` for raw content, else JSON; ``None``
            for no body.
        return_type: Type of the normal answer; ``None`` if it is not known, ``NoneType`` for no body.
        tag: Name of its group.
        summary: A title.
        description: A text.
        deprecated: Whether clients should stop using it.
        controller: The class it belongs to, or ``None``.
        bound_parameters: The compiled parameters; with them, ``parameters`` is not looked at for the
            document.
        body_required: Whether the body must be sent.
        response_types: Classes of ready-made responses, about whose content nothing is known.
        is_event_stream: Whether results are sent as server-sent events.
        produces: Media type of a text, bytes or stream that is returned.
        problems: The answers that are problem documents, as keys of ``responses``: ``400``, ``422``,
            ``default``.
        tag_description: A text for the group.
        options: What `operation` says.
    """

    path: str
    http_method: str
    status_code: int
    handler: Callable[..., Any]
    handler_name: str
    parameters: list[dict[str, Any]] = field(default_factory=list)
    request_body_model: Any = None
    return_type: Any = None
    tag: str = ""
    summary: str = ""
    description: str = ""
    deprecated: bool = False
    controller: type | None = None
    bound_parameters: tuple[BoundParameter, ...] = ()
    body_required: bool = True
    response_types: tuple[type, ...] = ()
    is_event_stream: bool = False
    produces: str | None = None
    problems: tuple[str, ...] = ()
    tag_description: str = ""
    options: OperationOptions = field(default_factory=OperationOptions)


def route_metadata(
    endpoint: Endpoint, parameters: Sequence[BoundParameter], *, response_types: tuple[type, ...] = ()
) -> RouteMetadata:
    """Describe an endpoint by what serves it.

    Args:
        endpoint: The endpoint.
        parameters: Its compiled parameters.
        response_types: The adapter's classes of ready-made responses.

    Raises:
        RouteDefinitionError: The hint of what it returns cannot be evaluated.
    """
    controller = endpoint.controller
    summary, description = _texts(endpoint.function.__doc__)
    body = next((parameter for parameter in parameters if parameter.binding is Body), None)
    returned = return_hint(controller, endpoint.function)
    return RouteMetadata(
        path=endpoint.template.text,
        http_method=endpoint.http_method,
        status_code=endpoint.status_code,
        handler=endpoint.function,
        handler_name=endpoint.name,
        parameters=[shown for parameter in parameters if (shown := _parameter(parameter)) is not None],
        request_body_model=None if body is None else body.inner_type,
        return_type=None if returned is Any else returned,
        tag=controller.__name__.removesuffix("Controller") or controller.__name__,
        summary=summary,
        description=description,
        deprecated=getattr(endpoint.function, "__pyfly_deprecated__", False),
        controller=controller,
        bound_parameters=tuple(parameters),
        body_required=body is None or body.required,
        response_types=response_types,
        is_event_stream=endpoint.is_event_stream,
        produces=endpoint.produces,
        problems=_problems(parameters),
        tag_description=_texts(vars(controller).get("__doc__"))[0],
        options=operation_options(controller, endpoint.function),
    )


def location_of(parameter: BoundParameter) -> str | None:
    """Return ``path``, ``query``, ``header`` or ``cookie``, or ``None`` for what comes from elsewhere."""
    return next((location for binding, location in LOCATIONS if parameter.binding is binding), None)


def _parameter(parameter: BoundParameter) -> dict[str, Any] | None:
    location = location_of(parameter)
    if location is None:
        return None

    required = location == "path" or parameter.required
    schema = plain_schema(parameter.inner_type, parameter.default)
    return {"name": parameter.lookup, "in": location, "required": required, "schema": schema}


def _texts(docstring: str | None) -> tuple[str, str]:
    if not docstring:
        return "", ""

    summary, _, description = cleandoc(docstring).partition("\n")
    return summary.strip(), description.strip()


def _problems(parameters: Sequence[BoundParameter]) -> tuple[str, ...]:
    bound = [parameter for parameter in parameters if parameter.lookup or parameter.binding is Body]
    problems = []
    if any(not _takes_anything(parameter) for parameter in bound):
        problems.append("400")

    if any(_has_rules(parameter) for parameter in bound):
        problems.append("422")

    return (*problems, "default")


def _takes_anything(parameter: BoundParameter) -> bool:
    if parameter.binding in (PathVar, Body):
        return without_none(parameter.inner_type) in (str, bytes)

    return not parameter.required and bare(parameter.inner_type) is str


def _has_rules(parameter: BoundParameter) -> bool:
    if parameter.binding is Body:
        return without_none(parameter.inner_type) not in (str, bytes)

    return get_origin(parameter.inner_type) is Annotated or model_type(parameter.inner_type) is not None

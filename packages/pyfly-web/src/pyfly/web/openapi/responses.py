# SPDX-License-Identifier: Apache-2.0
"""Answers in the document."""

from collections.abc import Iterator, Sequence
from http import HTTPStatus
from types import NoneType
from typing import Any, Final

from pyfly.web.openapi.bodies import BINARY, BINARY_SCHEMA
from pyfly.web.openapi.decorators import UNSET, ResponseNote
from pyfly.web.openapi.errors import ErrorForm
from pyfly.web.openapi.metadata import RouteMetadata
from pyfly.web.openapi.results import NOTHING, Results, results_of
from pyfly.web.openapi.schemas import Schemas, Wanted, json_value
from pyfly.web.streams import ItemKind, kind_of_type
from pyfly.web.type_forms import members

_EVENTS: Final = "text/event-stream"
_SUCCESS: Final = "Successful response"
_BODILESS: Final = frozenset({204, 205, 304})


def response_types(route: RouteMetadata) -> Iterator[Wanted]:
    """Yield the types whose schemas are needed."""
    results = results_of(route)
    for hint in (results.value, results.item):
        if hint is not NOTHING:
            yield hint, "serialization"

    for note in route.options.responses.values():
        if note.type is not None:
            yield note.type, "serialization"


def responses_of(
    route: RouteMetadata, schemas: Schemas, media_types: Sequence[str], errors: ErrorForm
) -> dict[str, Any]:
    """Return the answers of an operation by status.

    Args:
        route: The route.
        schemas: The schemas of all types.
        media_types: What values are written as, the usual one first.
        errors: How errors are answered.
    """
    responses = _normal(route, schemas, media_types)
    problems = route.problems
    if not problems and route.request_body_model is not None:
        problems = ("422",)

    for key in problems:
        responses[key] = errors.response(key, schemas)

    for status, note in route.options.responses.items():
        responses[str(status)] = _noted(
            responses.get(str(status)), status, note, schemas, media_types, errors
        )

    return {key: responses[key] for key in sorted(responses, key=lambda key: (key == "default", key))}


def _normal(route: RouteMetadata, schemas: Schemas, media_types: Sequence[str]) -> dict[str, Any]:
    status = route.status_code
    results = results_of(route)
    if status in _BODILESS:
        return {str(status): {"description": _phrase(status)}}

    content = _content(route, results, schemas, media_types)
    if route.options.response_example is not UNSET:
        example = route.options.response_example
        content = {name: {**media, "example": json_value(example)} for name, media in content.items()}

    responses: dict[str, Any] = {}
    if results.may_be_empty and status == 200:
        responses["204"] = {"description": _phrase(204)}

    if content or not responses:
        described = {"description": "Server-sent events" if _EVENTS in content else _SUCCESS}
        responses[str(status)] = {**described, "content": content} if content else described

    return responses


def _content(
    route: RouteMetadata, results: Results, schemas: Schemas, media_types: Sequence[str]
) -> dict[str, Any]:
    content: dict[str, Any] = {}
    if results.sends_events:
        content[_EVENTS] = {"schema": {"type": "array", "items": schemas.of(results.item, "serialization")}}
    elif results.item is not NOTHING:
        content.update(_stream(route, results.item, schemas))

    if results.has_file:
        content[route.produces or BINARY] = {"schema": dict(BINARY_SCHEMA)}

    if results.value is not NOTHING:
        is_raw = all(member in (str, bytes) for member in members(results.value) or (results.value,))
        names = [route.produces] if route.produces and is_raw else media_types
        content.update({name: {"schema": schemas.of(results.value, "serialization")} for name in names})

    return content


def _stream(route: RouteMetadata, item: Any, schemas: Schemas) -> dict[str, Any]:
    kind = kind_of_type(item) or ItemKind.BYTES
    if kind is ItemKind.JSON:
        schema = schemas.of(item, "serialization")
    else:
        schema = {"type": "string"} if kind is ItemKind.TEXT else dict(BINARY_SCHEMA)

    return {route.produces or kind.value: {"schema": schema}}


def _noted(
    derived: dict[str, Any] | None,
    status: int,
    note: ResponseNote,
    schemas: Schemas,
    media_types: Sequence[str],
    errors: ErrorForm,
) -> dict[str, Any]:
    response = {} if derived is None or "$ref" in derived else dict(derived)
    response["description"] = note.description or response.get("description") or _phrase(status)
    if note.type is NoneType:
        response.pop("content", None)
    elif note.type is not None:
        response["content"] = {
            name: {"schema": schemas.of(note.type, "serialization")} for name in media_types
        }
    elif status >= 400 and "content" not in response:
        response["content"] = errors.content(schemas, validation=status == 422)

    return response


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"Status {status}"

# SPDX-License-Identifier: Apache-2.0
"""Request bodies in the document."""

from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any, Final

from pyfly.web.binding.commas import is_comma_separated
from pyfly.web.binding.parameters import BoundParameter
from pyfly.web.openapi.decorators import UNSET
from pyfly.web.openapi.metadata import RouteMetadata
from pyfly.web.openapi.schemas import Schemas, Wanted, json_value, referred, with_default, without_null
from pyfly.web.params import File, Form
from pyfly.web.type_forms import bare, element_type, model_type, without_none

JSON: Final = "application/json"
TEXT: Final = "text/plain"
BINARY: Final = "application/octet-stream"
BINARY_SCHEMA: Final = {"type": "string", "format": "binary"}
_MULTIPART: Final = "multipart/form-data"
_URLENCODED: Final = "application/x-www-form-urlencoded"


def body_types(route: RouteMetadata) -> Iterator[Wanted]:
    """Yield the types whose schemas are needed."""
    if route.request_body_model is not None:
        yield route.request_body_model, "validation"

    for parameter in route.bound_parameters:
        if parameter.binding is Form:
            yield parameter.inner_type, "validation"


def request_body_of(
    route: RouteMetadata, schemas: Schemas, media_types: Sequence[str]
) -> dict[str, Any] | None:
    """Return the request body of an operation, or ``None`` if it takes none.

    Args:
        route: The route.
        schemas: The schemas of all types.
        media_types: What bodies are read from, the usual one first.
    """
    parts = [parameter for parameter in route.bound_parameters if parameter.binding in (File, Form)]
    if parts:
        content, required = _form(parts, schemas), any(map(_is_required, parts))
    elif route.request_body_model is not None:
        content, required = _content(route.request_body_model, schemas, media_types), route.body_required
    else:
        return None

    if route.options.request_example is not UNSET:
        example = route.options.request_example
        content = {name: {**media, "example": json_value(example)} for name, media in content.items()}

    return {"required": required, "content": content}


def _content(hint: Any, schemas: Schemas, media_types: Sequence[str]) -> dict[str, Any]:
    plain = without_none(bare(hint))
    if plain is bytes:
        return {BINARY: {"schema": dict(BINARY_SCHEMA)}}

    names = [TEXT] if plain is str else media_types
    return {name: {"schema": schemas.of(hint, "validation")} for name in names}


def _form(parts: Sequence[BoundParameter], schemas: Schemas) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    required: list[str] = []
    for part in parts:
        if part.binding is Form and model_type(part.inner_type) is not None:
            model = referred(without_null(schemas.of(part.inner_type, "validation")), schemas.definitions)
            properties.update(deepcopy(model.get("properties", {})))
            required += model.get("required", ()) if part.required else ()
            continue

        properties[part.lookup] = _part(part, schemas)
        if _is_required(part):
            required.append(part.lookup)

    schema: dict[str, Any] = {"type": "object", "properties": properties}
    if required:
        schema["required"] = required

    media: dict[str, Any] = {"schema": schema}
    separated = [part.lookup for part in parts if is_comma_separated(part.inner_type)]
    if separated:
        media["encoding"] = {name: {"style": "form", "explode": False} for name in separated}

    has_files = any(part.binding is File for part in parts)
    return {name: deepcopy(media) for name in ([_MULTIPART] if has_files else [_URLENCODED, _MULTIPART])}


def _is_required(part: BoundParameter) -> bool:
    # A list of files may be empty, unless a constraint says otherwise.
    may_be_empty = part.binding is File and element_type(part.inner_type) is not None
    return part.required and not (may_be_empty and bare(part.inner_type) is part.inner_type)


def _part(part: BoundParameter, schemas: Schemas) -> dict[str, Any]:
    if part.binding is Form:
        schema = without_null(schemas.of(part.inner_type, "validation"))
        return with_default(schema, part.inner_type, part.default)

    if element_type(part.inner_type) is None:
        return dict(BINARY_SCHEMA)

    return {"type": "array", "items": dict(BINARY_SCHEMA)}

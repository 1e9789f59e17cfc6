# SPDX-License-Identifier: Apache-2.0
"""Parameters in the document."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from pydantic import BaseModel

from pyfly.web.binding.commas import is_comma_mark, is_comma_separated
from pyfly.web.binding.text import empty_is_none
from pyfly.web.openapi.metadata import RouteMetadata, location_of
from pyfly.web.openapi.paths import path_variables
from pyfly.web.openapi.schemas import Schemas, Wanted, referred, with_default, without_null
from pyfly.web.type_forms import element_type, model_type


def parameter_types(route: RouteMetadata) -> Iterator[Wanted]:
    """Yield the types whose schemas are needed."""
    for parameter in route.bound_parameters:
        if location_of(parameter) is not None:
            yield parameter.inner_type, "validation"


def parameters_of(route: RouteMetadata, schemas: Schemas) -> list[dict[str, Any]]:
    """Return the parameter objects of an operation.

    Variables of the path that the handler does not take are there too: a caller must fill them in.
    """
    variables = path_variables(route.path)
    found = list(_bound(route, schemas)) if route.bound_parameters else deepcopy(route.parameters)
    found = [each for each in found if each["in"] != "path" or each["name"] in variables]
    known = {each["name"] for each in found if each["in"] == "path"}
    missing = [
        {"name": name, "in": "path", "required": True, "schema": schema}
        for name, schema in variables.items()
        if name not in known
    ]
    return _once([*found, *missing])


def _bound(route: RouteMetadata, schemas: Schemas) -> Iterator[dict[str, Any]]:
    for parameter in route.bound_parameters:
        location = location_of(parameter)
        if location is None:
            continue

        hint = parameter.inner_type
        schema = without_null(schemas.of(hint, "validation"))
        model = model_type(hint) if location == "query" else None
        if model is not None:
            yield from _fields(model, schema, schemas, required=parameter.required)
            continue

        shown = _parameter(
            parameter.lookup,
            location,
            location == "path" or parameter.required,
            with_default(schema, hint, parameter.default),
        )
        yield {
            **shown,
            **_form(location, may_be_empty=_may_be_empty(hint), separated=is_comma_separated(hint)),
        }


def _fields(
    model: type[BaseModel], reference: dict[str, Any], schemas: Schemas, *, required: bool
) -> Iterator[dict[str, Any]]:
    described = deepcopy(referred(reference, schemas.definitions))
    needed = described.get("required", ()) if required else ()
    forms = {
        key: _form(
            "query",
            may_be_empty=_may_be_empty(field.annotation),
            separated=any(map(is_comma_mark, field.metadata)),
        )
        for name, field in model.model_fields.items()
        for key in (name, field.alias, field.validation_alias)
        if isinstance(key, str)
    }
    for name, schema in described.get("properties", {}).items():
        if schema.get("default", ...) is None:
            del schema["default"]

        yield {**_parameter(name, "query", name in needed, without_null(schema)), **forms.get(name, {})}


def _may_be_empty(hint: Any) -> bool:
    return element_type(hint) is None and empty_is_none(hint)


def _form(location: str, *, may_be_empty: bool, separated: bool) -> dict[str, Any]:
    form: dict[str, Any] = {}
    if may_be_empty and location == "query":
        # Empty text stands for no value there.
        form["allowEmptyValue"] = True

    if separated and location in ("query", "cookie"):
        # Commas are what OpenAPI expects elsewhere anyway.
        form.update(style="form", explode=False)

    return form


def _parameter(name: str, location: str, required: bool, schema: dict[str, Any]) -> dict[str, Any]:
    shown: dict[str, Any] = {"name": name, "in": location, "required": required}
    if "description" in schema:
        shown["description"] = schema.pop("description")

    if schema.pop("deprecated", False):
        shown["deprecated"] = True

    return {**shown, "schema": schema}


def _once(parameters: list[dict[str, Any]]) -> list[dict[str, Any]]:
    # Two parameters of a handler may read the same part of the request; OpenAPI knows each part once.
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for each in parameters:
        found.setdefault((each["in"], each["name"]), each)

    return list(found.values())

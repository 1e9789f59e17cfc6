# SPDX-License-Identifier: Apache-2.0
"""The generator of OpenAPI 3.1 documents."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any, Final

from pyfly.web.openapi.bodies import JSON, body_types, request_body_of
from pyfly.web.openapi.errors import ENVELOPES, PROBLEM_DOCUMENTS
from pyfly.web.openapi.metadata import RouteMetadata
from pyfly.web.openapi.operation_ids import operation_ids
from pyfly.web.openapi.parameters import parameter_types, parameters_of
from pyfly.web.openapi.paths import Paths
from pyfly.web.openapi.responses import response_types, responses_of
from pyfly.web.openapi.schemas import REFERENCE, Schemas, Wanted

_RESPONSES: Final = "#/components/responses/"

logger = logging.getLogger("pyfly.web")


class OpenAPIGenerator:
    """Generate the OpenAPI 3.1 document of an application.

    Schemas are those of pydantic: what comes in is described as it is validated, what goes out as it is
    written.
    """

    def __init__(
        self,
        title: str,
        version: str,
        description: str = "",
        *,
        servers: Sequence[Mapping[str, Any]] = (),
        security_schemes: Mapping[str, Mapping[str, Any]] | None = None,
        security: Sequence[Mapping[str, Sequence[str]]] = (),
        request_media_types: Sequence[str] = (JSON,),
        response_media_types: Sequence[str] = (JSON,),
        problem_details: bool = True,
        by_alias: bool = False,
    ) -> None:
        """Set up the generator.

        Args:
            title: Name of the application.
            version: Its version.
            description: What it is for, in CommonMark.
            servers: Server objects; none means the root of the host.
            security_schemes: Security scheme objects by name.
            security: What every operation needs that does not say so itself: alternatives, each with its
                schemes and their scopes.
            request_media_types: What bodies are read from, the usual one first.
            response_media_types: What values are written as, the usual one first.
            problem_details: Whether errors are problem documents; else they are ``{"error": {...}}``.
            by_alias: Whether all models go out with the aliases of their fields; else each decides itself.
        """
        self._info = {"title": title, "version": version}
        if description:
            self._info["description"] = description

        self._servers = deepcopy(list(servers))
        self._security_schemes = deepcopy(dict(security_schemes or {}))
        self._security = [{name: list(scopes) for name, scopes in each.items()} for each in security]
        self._read = tuple(request_media_types)
        self._written = tuple(response_media_types)
        self._errors = PROBLEM_DOCUMENTS if problem_details else ENVELOPES
        self._by_alias = by_alias

    def generate(self, route_metadata: Sequence[RouteMetadata] | None = None) -> dict[str, Any]:
        """Return the document.

        Args:
            route_metadata: The routes, in the order in which their paths and tags appear. Hidden ones are
                left out.
        """
        routes = [route for route in route_metadata or () if not route.options.hidden]
        schemas = Schemas(self._types(routes), by_alias=self._by_alias)
        paths = Paths()
        for route, operation_id in zip(routes, operation_ids(routes), strict=True):
            operation = self._operation(route, operation_id, schemas)
            if not paths.add(route.path, route.http_method, operation):
                logger.warning(
                    "%s %s is not in the OpenAPI document: it cannot be told from another path there",
                    route.http_method,
                    route.path,
                )

        document: dict[str, Any] = {"openapi": "3.1.0", "info": dict(self._info)}
        if self._servers:
            document["servers"] = deepcopy(self._servers)

        document["paths"] = paths.items
        if self._security:
            document["security"] = deepcopy(self._security)

        tags = _tags(routes)
        if tags:
            document["tags"] = tags

        components = self._components(paths.items, schemas)
        if components:
            document["components"] = components

        return document

    def _types(self, routes: Sequence[RouteMetadata]) -> Iterator[Wanted]:
        for route in routes:
            yield from parameter_types(route)
            yield from body_types(route)
            yield from response_types(route)

        yield from self._errors.wanted()

    def _operation(self, route: RouteMetadata, operation_id: str, schemas: Schemas) -> dict[str, Any]:
        options = route.options
        operation: dict[str, Any] = {"operationId": operation_id}
        tags = _tag_names(route)
        if tags:
            operation["tags"] = list(tags)

        summary = route.summary if options.summary is None else options.summary
        description = route.description if options.description is None else options.description
        if summary:
            operation["summary"] = summary

        if description:
            operation["description"] = description

        if route.deprecated:
            operation["deprecated"] = True

        parameters = parameters_of(route, schemas)
        if parameters:
            operation["parameters"] = parameters

        body = request_body_of(route, schemas, self._read)
        if body is not None:
            operation["requestBody"] = body

        operation["responses"] = responses_of(route, schemas, self._written, self._errors)
        if options.security is not None:
            operation["security"] = deepcopy(list(options.security))

        return operation

    def _components(self, paths: Mapping[str, Any], schemas: Schemas) -> dict[str, Any]:
        shared = self._errors.shared(schemas)
        referred = set(_references(paths))
        responses = {name: each for name, each in shared.items() if _RESPONSES + name in referred}
        components = {
            "schemas": _reachable([paths, responses], schemas.definitions),
            "responses": responses,
            "securitySchemes": deepcopy(self._security_schemes),
        }
        return {name: each for name, each in components.items() if each}


def _tag_names(route: RouteMetadata) -> tuple[str, ...]:
    if route.options.tags is not None:
        return route.options.tags

    return (route.tag,) if route.tag else ()


def _tags(routes: Iterable[RouteMetadata]) -> list[dict[str, str]]:
    tags: dict[str, dict[str, str]] = {}
    for route in routes:
        for name in _tag_names(route):
            tag = tags.setdefault(name, {"name": name})
            if name == route.tag and route.tag_description:
                tag.setdefault("description", route.tag_description)

    return list(tags.values())


def _reachable(roots: Any, definitions: Mapping[str, Any]) -> dict[str, Any]:
    found: set[str] = set()
    pending = [roots]
    while pending:
        for reference in _references(pending.pop()):
            name = reference.removeprefix(REFERENCE)
            if name in definitions and name not in found:
                found.add(name)
                pending.append(definitions[name])

    return {name: schema for name, schema in definitions.items() if name in found}


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            if key == "$ref" and isinstance(item, str):
                yield item
            else:
                yield from _references(item)
    elif isinstance(value, list):
        for item in value:
            yield from _references(item)

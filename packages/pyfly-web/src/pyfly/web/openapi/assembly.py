# SPDX-License-Identifier: Apache-2.0
"""The document of an application, from its routes, its settings and its beans."""

import logging
import posixpath
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from pyfly.web.conversion import BodyConversion
from pyfly.web.json import encode_json
from pyfly.web.message_converters import MessageConverter
from pyfly.web.openapi.bodies import JSON
from pyfly.web.openapi.generator import OpenAPIGenerator
from pyfly.web.openapi.metadata import RouteMetadata
from pyfly.web.ports.openapi import OpenApiCustomizer

logger = logging.getLogger("pyfly.web")


def document_builder(
    title: str,
    version: str,
    description: str,
    routes: Sequence[RouteMetadata],
    *,
    conversion: BodyConversion,
    customizers: Sequence[OpenApiCustomizer] = (),
    base_path: str = "",
    problem_details: bool = True,
) -> Callable[[], bytes]:
    """Return what builds the document of an application, as JSON.

    Its only server is the root of the application, relative to where the document is: this holds behind any
    proxy and below any mount.

    Args:
        title: Name of the application.
        version: Its version.
        description: What it is for.
        routes: Its routes.
        conversion: How bodies are read and written.
        customizers: What changes the document at the end, in order.
        base_path: What all paths begin with, that of the document included.
        problem_details: Whether errors are problem documents.
    """
    converters = conversion.registry.converters
    generator = OpenAPIGenerator(
        title,
        version,
        description,
        servers=[{"url": posixpath.relpath("/", base_path or "/"), "description": "This application"}],
        request_media_types=_media_types(it for it in converters if it.can_read),
        response_media_types=_media_types(it for it in converters if it.can_write),
        problem_details=problem_details,
        by_alias=conversion.serializer.properties.effective_by_alias(),
    )

    def build() -> bytes:
        document = generator.generate(routes)
        for customizer in customizers:
            customizer.customize(document)

        for name, places in _unknown_schemes(document).items():
            logger.warning(
                "The OpenAPI document has no security scheme %r, needed by %s: add it with an"
                " OpenApiCustomizer, or correct the name in @operation",
                name,
                ", ".join(places),
            )

        return encode_json(document)

    return build


def _unknown_schemes(document: Mapping[str, Any]) -> dict[str, list[str]]:
    known = document.get("components", {}).get("securitySchemes", {})
    needed = [("every operation", document.get("security", ()))]
    for path, item in document["paths"].items():
        needed += [
            (f"{method.upper()} {path}", operation["security"])
            for method, operation in item.items()
            if isinstance(operation, dict) and "security" in operation
        ]

    unknown: dict[str, list[str]] = {}
    for place, requirements in needed:
        for name in {name: None for requirement in requirements for name in requirement if name not in known}:
            unknown.setdefault(name, []).append(place)

    return unknown


def _media_types(converters: Iterable[MessageConverter]) -> list[str]:
    """Return the preferred media type of each converter, JSON first."""
    preferred = dict.fromkeys(it.media_types[0] for it in converters if it.media_types)
    return sorted(preferred, key=lambda media_type: media_type != JSON)

# SPDX-License-Identifier: Apache-2.0
"""The document of an application, from its routes, its settings and its beans."""

import posixpath
from collections.abc import Callable, Iterable, Sequence

from pyfly.web.conversion import BodyConversion
from pyfly.web.json import encode_json
from pyfly.web.message_converters import MessageConverter
from pyfly.web.openapi.bodies import JSON
from pyfly.web.openapi.customizer import OpenApiCustomizer
from pyfly.web.openapi.generator import OpenAPIGenerator
from pyfly.web.openapi.metadata import RouteMetadata


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

        return encode_json(document)

    return build


def _media_types(converters: Iterable[MessageConverter]) -> list[str]:
    """Return the preferred media type of each converter, JSON first."""
    preferred = dict.fromkeys(it.media_types[0] for it in converters if it.media_types)
    return sorted(preferred, key=lambda media_type: media_type != JSON)

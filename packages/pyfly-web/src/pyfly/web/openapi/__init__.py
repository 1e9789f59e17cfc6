# SPDX-License-Identifier: Apache-2.0
"""The OpenAPI 3.1 document of an application, made from its compiled endpoints."""

from pkgutil import extend_path

from pyfly.web.openapi.assembly import document_builder
from pyfly.web.openapi.customizer import customizers_of
from pyfly.web.openapi.decorators import OperationOptions, operation
from pyfly.web.openapi.generator import OpenAPIGenerator
from pyfly.web.openapi.metadata import RouteMetadata, route_metadata
from pyfly.web.ports.openapi import OpenApiCustomizer

__all__ = [
    "OpenAPIGenerator",
    "OpenApiCustomizer",
    "OperationOptions",
    "RouteMetadata",
    "customizers_of",
    "document_builder",
    "operation",
    "route_metadata",
]
__path__ = extend_path(__path__, __name__)

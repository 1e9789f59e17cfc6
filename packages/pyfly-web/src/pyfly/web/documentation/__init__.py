# SPDX-License-Identifier: Apache-2.0
"""The documentation pages, Swagger UI and ReDoc, with everything they need to work without a network."""

from pkgutil import extend_path

from pyfly.web.documentation.assets import Asset, documentation_assets
from pyfly.web.documentation.document import OpenApiDocument
from pyfly.web.documentation.pages import Page, redoc_page, swagger_ui_page

__all__ = [
    "Asset",
    "OpenApiDocument",
    "Page",
    "documentation_assets",
    "redoc_page",
    "swagger_ui_page",
]
__path__ = extend_path(__path__, __name__)

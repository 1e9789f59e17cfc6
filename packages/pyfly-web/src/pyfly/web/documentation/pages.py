# SPDX-License-Identifier: Apache-2.0
"""The HTML of the documentation pages.

Pages refer to everything by relative addresses, so that they work wherever the application is mounted.
Nothing in them runs but the files they name; their content security policy sees to it that nothing else is
loaded either.
"""

import json
import posixpath
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from pyfly.web.documentation.assets import documentation_assets

_SWAGGER_OPTIONS: Final[Mapping[str, Any]] = {
    "layout": "BaseLayout",
    "deepLinking": True,
    "filter": True,
    "persistAuthorization": True,
    "showExtensions": True,
    "showCommonExtensions": True,
    "displayRequestDuration": True,
    "docExpansion": "list",
    "operationsSorter": "alpha",
    "tagsSorter": "alpha",
    "validatorUrl": None,
}
_REDOC_OPTIONS: Final[Mapping[str, Any]] = {
    "expandResponses": "200,201",
    "pathInMiddlePanel": True,
    "nativeScrollbars": True,
    "requiredPropsFirst": True,
}
_POLICY: Final = (
    "default-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'self'",
    "script-src 'self'",
    "img-src 'self' data:",
)
_PAGE: Final = """\
<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="{icon}">
{styles}
</head>
<body>
<noscript>{noscript}</noscript>
{place}
{scripts}
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class Page:
    """A page that is ready to be sent.

    Attributes:
        content: The HTML, in UTF-8.
        headers: Its headers.
    """

    content: bytes
    headers: Mapping[str, str]


def swagger_ui_page(
    title: str,
    *,
    path: str = "/docs",
    openapi_url: str = "/openapi.json",
    assets_url: str = "/docs/assets",
    origins: Iterable[str] = (),
) -> Page:
    """Render the page that shows the operations with Swagger UI and sends requests.

    Args:
        title: Name of the application.
        path: Path of the page, below the root of the application.
        openapi_url: Where the document is: a path below the root of the application, or a full URL.
        assets_url: Where the files are, likewise.
        origins: Further origins that requests may be sent to, such as ``https://api.example.com``.
    """
    link = _Links(path, assets_url)
    place = (
        f'<div id="swagger-ui" data-url="{escape(link.to(openapi_url))}"'
        f' data-oauth2-redirect="{escape(link.to_asset("oauth2-redirect.html"))}"'
        f" data-options='{_options(_SWAGGER_OPTIONS)}'></div>"
    )
    content = _PAGE.format(
        title=escape(f"{title} - Swagger UI"),
        icon=link.versioned("favicon-32x32.png"),
        styles=link.styles("swagger-ui.css", "page.css"),
        noscript="Swagger UI needs JavaScript to show the operations.",
        place=place,
        scripts=link.scripts("swagger-ui-bundle.js", "swagger-ui-init.js"),
    )
    sources = " ".join(["'self'", *origins])
    return _page(content, "style-src 'self'", f"connect-src {sources}")


def redoc_page(
    title: str,
    *,
    path: str = "/redoc",
    openapi_url: str = "/openapi.json",
    assets_url: str = "/docs/assets",
) -> Page:
    """Render the page that shows the operations with ReDoc.

    Args:
        title: Name of the application.
        path: Path of the page, below the root of the application.
        openapi_url: Where the document is: a path below the root of the application, or a full URL.
        assets_url: Where the files are, likewise.
    """
    link = _Links(path, assets_url)
    document = escape(link.to(openapi_url))
    content = _PAGE.format(
        title=escape(f"{title} - ReDoc"),
        icon="data:,",
        styles=link.styles("page.css"),
        noscript=f"ReDoc needs JavaScript: Redoc.init shows the document at {document} here.",
        place=f'<div id="redoc" data-url="{document}" data-options=\'{_options(_REDOC_OPTIONS)}\'></div>',
        scripts=link.scripts("redoc.standalone.js", "redoc-init.js"),
    )
    # ReDoc makes its styles, and the worker of its search, while it runs.
    return _page(content, "style-src 'self' 'unsafe-inline'", "connect-src 'self'", "worker-src blob:")


class _Links:
    def __init__(self, path: str, assets_url: str) -> None:
        self._folder = posixpath.dirname(path) or "/"
        self._assets_url = assets_url.rstrip("/")

    def to(self, url: str) -> str:
        return posixpath.relpath(url, self._folder) if url.startswith("/") else url

    def to_asset(self, name: str) -> str:
        return self.to(f"{self._assets_url}/{name}")

    def versioned(self, name: str) -> str:
        return escape(f"{self.to_asset(name)}?v={documentation_assets()[name].version}")

    def styles(self, *names: str) -> str:
        return "\n".join(f'<link rel="stylesheet" href="{self.versioned(name)}">' for name in names)

    def scripts(self, *names: str) -> str:
        return "\n".join(f'<script src="{self.versioned(name)}"></script>' for name in names)


def _options(options: Mapping[str, Any]) -> str:
    return "; ".join(f"{name}: {json.dumps(value)}" for name, value in options.items())


def _page(content: str, *policy: str) -> Page:
    return Page(
        content.encode(),
        {
            "content-type": "text/html; charset=utf-8",
            "content-security-policy": "; ".join([*_POLICY, *policy]),
            "cache-control": "no-cache",
        },
    )

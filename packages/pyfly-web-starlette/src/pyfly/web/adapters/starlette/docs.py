# SPDX-License-Identifier: Apache-2.0
"""The documentation: the OpenAPI document, Swagger UI, ReDoc, and the files that these load."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, Final

from pyfly.web.adapters.starlette.dispatcher import path_below_root
from pyfly.web.documentation import (
    OpenApiDocument,
    Page,
    documentation_assets,
    redoc_page,
    swagger_ui_page,
)
from pyfly.web.json import encode_json
from pyfly.web.preconditions import judge
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

Handler = Callable[[Request], Awaitable[Response]]

_FOREVER: Final = "public, max-age=31536000, immutable"
_CHECKED: Final = "no-cache"
_ASSET_POLICY: Final = "default-src 'none'; script-src 'self'; frame-ancestors 'none'"


def make_openapi_endpoint(spec_dict: Mapping[str, Any]) -> Handler:
    """Return an endpoint that answers with a finished document.

    Args:
        spec_dict: The document, as `OpenAPIGenerator.generate` returns it.
    """
    content = encode_json(spec_dict)
    return _document_endpoint(OpenApiDocument(lambda: content))


def make_swagger_ui_endpoint(
    title: str, openapi_url: str = "/openapi.json", assets_url: str = "/docs/assets"
) -> Handler:
    """Return an endpoint that shows a document with Swagger UI.

    Args:
        title: Name of the application.
        openapi_url: Where the document is: a path below the root of the application, or a full URL.
        assets_url: Where `asset_route` serves its files, likewise.
    """

    async def swagger_ui(request: Request) -> Response:
        return await _show(swagger_ui_page, request, title, openapi_url=openapi_url, assets_url=assets_url)

    return swagger_ui


def make_redoc_endpoint(
    title: str, openapi_url: str = "/openapi.json", assets_url: str = "/docs/assets"
) -> Handler:
    """Return an endpoint that shows a document with ReDoc.

    Args:
        title: Name of the application.
        openapi_url: Where the document is: a path below the root of the application, or a full URL.
        assets_url: Where `asset_route` serves its files, likewise.
    """

    async def redoc(request: Request) -> Response:
        return await _show(redoc_page, request, title, openapi_url=openapi_url, assets_url=assets_url)

    return redoc


def asset_route(path: str = "/docs/assets") -> Route:
    """Return the route of the files that the pages load: a fixed set, and nothing else.

    Args:
        path: What their paths begin with.
    """
    return Route(f"{path}/{{file}}", _asset, name="documentation_asset", include_in_schema=False)


def documentation_routes(build: Callable[[], bytes], title: str, base_path: str = "") -> list[Route]:
    """Return the routes ``/openapi.json``, ``/docs``, ``/redoc`` and those of their files.

    Args:
        build: Returns the document as JSON. It is called once, in a worker thread, at the first request.
        title: Name of the application.
        base_path: What the paths begin with.
    """
    base = base_path.rstrip("/")
    document = OpenApiDocument(build)
    openapi_url, assets_url = f"{base}/openapi.json", f"{base}/docs/assets"

    async def swagger_ui(request: Request) -> Response:
        built = await document.load()
        show = partial(swagger_ui_page, origins=built.origins)
        return await _show(show, request, title, openapi_url=openapi_url, assets_url=assets_url)

    redoc = make_redoc_endpoint(title, openapi_url, assets_url)
    return [
        Route(openapi_url, _document_endpoint(document), name="openapi", include_in_schema=False),
        Route(f"{base}/docs", swagger_ui, name="swagger_ui", include_in_schema=False),
        Route(f"{base}/redoc", redoc, name="redoc", include_in_schema=False),
        asset_route(assets_url),
    ]


async def _show(render: Callable[..., Page], request: Request, title: str, **urls: str) -> Response:
    # The versions of the files are part of the page, and the first look at them reads the files.
    page = await asyncio.to_thread(render, title, path=path_below_root(request.scope), **urls)
    return Response(page.content, headers=dict(page.headers))


def _document_endpoint(document: OpenApiDocument) -> Handler:
    async def openapi(request: Request) -> Response:
        built = await document.load()
        return _cached(request, built.content, built.etag, {"content-type": "application/json"}, _CHECKED)

    return openapi


async def _asset(request: Request) -> Response:
    assets = await asyncio.to_thread(documentation_assets)
    asset = assets.get(request.path_params["file"])
    if asset is None:
        raise HTTPException(404)

    headers = {"content-type": asset.media_type, "content-security-policy": _ASSET_POLICY}
    caching = _FOREVER if request.query_params.get("v") == asset.version else _CHECKED
    return _cached(request, asset.content, f'"{asset.version}"', headers, caching)


def _cached(
    request: Request, content: bytes, etag: str, headers: Mapping[str, str], caching: str
) -> Response:
    def condition(name: bytes) -> str | None:
        return request.headers.get("if-none-match") if name == b"if-none-match" else None

    kept = {"etag": etag, "cache-control": caching}
    if judge("GET", condition, etag, 0) == 304:
        return Response(status_code=304, headers=kept)

    return Response(content, headers={**headers, **kept})

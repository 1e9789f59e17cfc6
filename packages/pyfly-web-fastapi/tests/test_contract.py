# SPDX-License-Identifier: Apache-2.0
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from pyfly.web.adapters.fastapi.app import create_app
from pyfly.web.testing import WebAdapterContract


class TestFastAPIAdapter(WebAdapterContract):
    def create_app(self, **options: Any) -> Any:
        return create_app(**options)

    def native_response(
        self, text: str, *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> Response:
        return PlainTextResponse(text, status, headers)

    def native_stream(self, chunks: AsyncIterator[bytes], *, status: int = 200) -> Response:
        return StreamingResponse(chunks, status)

    def native_route(self, path: str, answer: Callable[[], Any], *, method: str = "GET") -> Route:
        async def endpoint(request: Request) -> Response:
            response: Response = answer()
            return response

        return Route(path, endpoint, methods=[method])

# SPDX-License-Identifier: Apache-2.0
"""The filters of PyFly around any ASGI application."""

import sys
from collections.abc import Sequence

from pyfly.kernel.exceptions import PyFlyException
from pyfly.web.adapters.starlette.answers import Answer, problem_answer
from pyfly.web.adapters.starlette.chain import AnyFilter
from pyfly.web.adapters.starlette.dispatcher import Dispatcher
from pyfly.web.adapters.starlette.error_documents import ErrorDocuments
from pyfly.web.adapters.starlette.wiring import Wiring
from pyfly.web.binding import Exchange
from pyfly.web.converters import build_exception_converter_service
from pyfly.web.ids import id_reader
from starlette.types import ASGIApp, Receive, Scope, Send


class WebFilterChainMiddleware:
    """Run filters around an application that is not PyFly's own.

    Errors of the framework's kinds are answered as problem documents; all others go on to what stands around.

    In an application that `create_app` has made, it only holds the list of filters: they are part of the way
    of every request there.

    Args:
        app: The application.
        filters: The filters, in any order. A list may change later, and is read at each request.
    """

    def __init__(self, app: ASGIApp, filters: Sequence[AnyFilter] = ()) -> None:
        self.app = app
        self.filters: list[AnyFilter] = filters if isinstance(filters, list) else list(filters)
        self._dispatcher: Dispatcher | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not self.filters:
            await self.app(scope, receive, send)
            return

        if self._dispatcher is None:
            self._dispatcher = Dispatcher(
                Wiring(None, (), {}, failures=_OursAlone()),
                self.filters,
                self.app,
                self.app,
                list,
                max_body_size=sys.maxsize,
                read_id=id_reader(),
            )

        await self._dispatcher(scope, receive, send)


class _OursAlone:
    def __init__(self) -> None:
        self._documents = ErrorDocuments(build_exception_converter_service())

    async def answer(self, exc: Exception, exchange: Exchange) -> Answer:
        if isinstance(exc, PyFlyException):
            translated = self._documents.translated(exc)
            return problem_answer(self._documents.describe(exc, translated, exchange))

        raise exc

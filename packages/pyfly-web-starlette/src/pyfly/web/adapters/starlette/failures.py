# SPDX-License-Identifier: Apache-2.0
"""What a failed request is answered with."""

import logging
from collections.abc import Callable, Mapping
from inspect import isawaitable, iscoroutinefunction
from typing import Any

from pyfly.kernel.exceptions import PyFlyException
from pyfly.web.adapters.starlette.answers import Answer, problem_answer
from pyfly.web.adapters.starlette.beans import BeanHandle
from pyfly.web.adapters.starlette.error_documents import ErrorDocuments
from pyfly.web.adapters.starlette.requests import request_of
from pyfly.web.adapters.starlette.results import Results, ready
from pyfly.web.binding import Exchange
from pyfly.web.conversion import BodyConversion
from pyfly.web.converters import ExceptionConverterService
from pyfly.web.error_handlers import ErrorHandler, ErrorHandlerTable
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

ApplicationHandlers = Mapping[Any, Callable[[Request, Exception], Any]]

logger = logging.getLogger("pyfly.web")


class Failures:
    """Answer failed requests: by handlers of controller, advice or application, else by a problem document.

    Args:
        converters: Translates foreign exceptions.
        advice: The advice beans by class.
        table: The handlers of the advice beans alone, for failures outside of controllers.
        application_handlers: Starlette's exception handlers, by status or class.
        conversion: How results of handlers are written.
        debug: Whether answers to unexpected errors carry the exception and its traceback.
        problem_details: Whether problem documents are sent; else ``{"error": {...}}``.
    """

    def __init__(
        self,
        converters: ExceptionConverterService,
        advice: Mapping[type, BeanHandle],
        table: ErrorHandlerTable,
        application_handlers: ApplicationHandlers,
        conversion: BodyConversion,
        *,
        debug: bool,
        problem_details: bool,
    ) -> None:
        self._documents = ErrorDocuments(converters, debug=debug, problem_details=problem_details)
        self._advice = advice
        self._table = table
        self._application_handlers = application_handlers
        self._conversion = conversion
        self._results: dict[int, Results] = {}

    async def answer(
        self,
        exc: Exception,
        exchange: Exchange,
        table: ErrorHandlerTable | None = None,
        controller: Any = None,
    ) -> Answer | Response:
        """Answer a failed request.

        Args:
            exc: The failure.
            exchange: The request.
            table: The handlers to choose from; those of the advice beans if not given.
            controller: The bean whose handlers are in the table.
        """
        exchange.error = exc
        table = table or self._table
        # A handler for the exception itself goes before any translation.
        translated = None if table.find(type(exc)) is not None else self._documents.translated(exc)
        try:
            handled = await self._handled(exc, translated, exchange, table, controller)
        except Exception as failure:
            # The handler's own failure is the news; the first one is its __context__.
            return self._problem(failure, self._documents.translated(failure), exchange)

        return handled if handled is not None else self._problem(exc, translated, exchange)

    async def _handled(
        self,
        exc: Exception,
        translated: PyFlyException | None,
        exchange: Exchange,
        table: ErrorHandlerTable,
        controller: Any,
    ) -> Answer | Response | None:
        for error in (exc, translated):
            handler = None if error is None else table.find(type(error))
            if error is not None and handler is not None:
                return await self._call(handler, error, exchange, controller)

        expected = translated is not None or isinstance(exc, PyFlyException | HTTPException)
        application_handler = self._application_handler(exc, expected)
        if application_handler is None:
            return None

        return await self._application_answer(application_handler, exc, exchange)

    async def _call(
        self, handler: ErrorHandler, exc: Exception, exchange: Exchange, controller: Any
    ) -> Answer | Response:
        advice = self._advice.get(handler.owner)
        bean = controller if advice is None else advice.ready() or await advice.fetch()
        extras = [make(exchange) for make in handler.extras]
        method = getattr(bean, handler.name)
        if iscoroutinefunction(handler.function):
            result = await method(exc, *extras)
        else:
            result = await run_in_threadpool(method, exc, *extras)

        status = handler.status_code
        if isinstance(result, tuple) and len(result) == 2 and isinstance(result[0], int):
            status, result = result

        return await ready(self._results_of(status).answer(result, exchange))

    def _results_of(self, status: int) -> Results:
        results = self._results.get(status)
        if results is None:
            results = self._results[status] = Results(self._conversion, Any, status)

        return results

    def _application_handler(
        self, exc: Exception, expected: bool
    ) -> Callable[[Request, Exception], Any] | None:
        handlers = self._application_handlers
        if isinstance(exc, HTTPException) and exc.status_code in handlers:
            return handlers[exc.status_code]

        for cls in type(exc).__mro__:
            if cls in handlers and cls is not Exception:
                return handlers[cls]

        # As in Starlette, the handler for Exception or 500 gets what nothing else knows.
        return None if expected else handlers.get(500) or handlers.get(Exception)

    def _problem(self, exc: Exception, translated: PyFlyException | None, exchange: Exchange) -> Answer:
        return problem_answer(self._documents.describe(exc, translated, exchange))

    async def _application_answer(
        self, handler: Callable[[Request, Exception], Any], exc: Exception, exchange: Exchange
    ) -> Answer | Response:
        request = request_of(exchange)
        if iscoroutinefunction(handler):
            response = await handler(request, exc)
        else:
            response = await run_in_threadpool(handler, request, exc)
            if isawaitable(response):
                response = await response

        return await ready(self._results_of(200).answer(response, exchange))

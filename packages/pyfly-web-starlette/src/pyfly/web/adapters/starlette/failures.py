# SPDX-License-Identifier: Apache-2.0
"""What a failed request is answered with."""

import logging
from collections.abc import Callable, Mapping
from inspect import isawaitable, iscoroutinefunction
from traceback import format_exception
from typing import Any

from pyfly.kernel.exceptions import PyFlyException
from pyfly.kernel.types import ErrorCategory
from pyfly.web.adapters.starlette.answers import Answer, answer_of, problem_answer
from pyfly.web.adapters.starlette.beans import BeanHandle
from pyfly.web.adapters.starlette.requests import request_of
from pyfly.web.binding import Exchange
from pyfly.web.converters import ExceptionConverterService
from pyfly.web.error_handlers import ErrorHandler, ErrorHandlerTable
from pyfly.web.problems import plain_problem, problem_of, status_code_name
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
        debug: Whether answers to unexpected errors carry the exception and its traceback.
    """

    def __init__(
        self,
        converters: ExceptionConverterService,
        advice: Mapping[type, BeanHandle],
        table: ErrorHandlerTable,
        application_handlers: ApplicationHandlers,
        debug: bool,
    ) -> None:
        self._converters = converters
        self._advice = advice
        self._table = table
        self._application_handlers = application_handlers
        self._debug = debug

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
        try:
            handled = await self._handled(exc, exchange, table or self._table, controller)
        except Exception as failure:
            # The handler's own failure is the news; the first one is its __context__.
            return self._problem(failure, exchange)

        return handled if handled is not None else self._problem(exc, exchange)

    async def _handled(
        self, exc: Exception, exchange: Exchange, table: ErrorHandlerTable, controller: Any
    ) -> Answer | Response | None:
        handler = table.find(type(exc))
        if handler is not None:
            return await self._call(handler, exc, exchange, controller)

        translated = None if isinstance(exc, PyFlyException) else self._converters.convert(exc)
        handler = None if translated is None else table.find(type(translated))
        if handler is not None and translated is not None:
            return await self._call(handler, translated, exchange, controller)

        expected = translated is not None or isinstance(exc, PyFlyException | HTTPException)
        application_handler = self._application_handler(exc, expected)
        if application_handler is None:
            return None

        return await _application_answer(application_handler, exc, exchange)

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

        return answer_of(result, status)

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

    def _problem(self, exc: Exception, exchange: Exchange) -> Answer:
        scope = exchange.scope
        where = {"path": scope["path"], "request_id": exchange.request_id}
        if isinstance(exc, HTTPException):
            code = status_code_name(exc.status_code)
            category = ErrorCategory.RESOURCE if exc.status_code == 404 else ErrorCategory.TECHNICAL
            problem = plain_problem(
                exc.status_code, exc.detail, code, category=category, headers=exc.headers, **where
            )
            return problem_answer(problem)

        known = exc if isinstance(exc, PyFlyException) else self._converters.convert(exc)
        problem = problem_of(known or exc, **where)
        if problem.status >= 500:
            logger.error("%s %s failed with %d", scope["method"], scope["path"], problem.status, exc_info=exc)
            if self._debug:
                problem.body["exception"] = repr(exc)
                problem.body["trace"] = "".join(format_exception(exc)).splitlines()

        return problem_answer(problem)


async def _application_answer(
    handler: Callable[[Request, Exception], Any], exc: Exception, exchange: Exchange
) -> Answer | Response:
    request = request_of(exchange)
    if iscoroutinefunction(handler):
        response = await handler(request, exc)
    else:
        response = await run_in_threadpool(handler, request, exc)
        if isawaitable(response):
            response = await response

    return answer_of(response, 200)

# SPDX-License-Identifier: Apache-2.0
"""One endpoint, compiled: what happens from the request to the answer."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from inspect import isasyncgenfunction, iscoroutinefunction
from typing import Any

from pyfly.config.properties.web_multipart import MultipartProperties
from pyfly.web.adapters.starlette.answers import Answer
from pyfly.web.adapters.starlette.beans import BeanHandle
from pyfly.web.adapters.starlette.bodies import read_body
from pyfly.web.adapters.starlette.failures import Failures
from pyfly.web.adapters.starlette.forms import form_reader
from pyfly.web.adapters.starlette.requests import INJECTABLES
from pyfly.web.adapters.starlette.results import Results, ready
from pyfly.web.binding import BoundParameter, Exchange, compile_parameters
from pyfly.web.conversion import BodyConversion
from pyfly.web.endpoints import Endpoint
from pyfly.web.error_handlers import ErrorHandlerTable
from pyfly.web.params import Body, File, Form
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import Response


class RoutePlan:
    """Serve the requests of one endpoint.

    Attributes:
        endpoint: What the controller declares.
        parameters: What its method takes, compiled.
        path: Its path template.
        handler: The method, as the controller class holds it.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        controller: BeanHandle,
        error_handlers: ErrorHandlerTable,
        failures: Failures,
        conversion: BodyConversion,
        results: Results,
        convertors: Mapping[str, Callable[[str], Any]],
        form_limits: MultipartProperties,
    ) -> None:
        self.endpoint = endpoint
        self.path = endpoint.template.text
        self.handler = endpoint.function
        self.parameters: tuple[BoundParameter, ...] = compile_parameters(
            endpoint.controller, endpoint.function, endpoint.template, INJECTABLES, conversion
        )
        self._path_names = endpoint.template.names
        self._convertors = convertors
        self._controller = controller
        self._error_handlers = error_handlers
        self._failures = failures
        self._check_accept = results.check_accept
        self._answer_result = results.answer
        self._name = endpoint.name
        function = endpoint.function
        self._is_async = iscoroutinefunction(function)
        # Calling a generator function runs nothing of it yet.
        self._runs_here = isasyncgenfunction(function) or hasattr(function, "__pyfly_non_blocking__")
        self._positional = tuple(it.bind for it in self.parameters if not it.keyword_only)
        self._named = tuple((it.name, it.bind) for it in self.parameters if it.keyword_only)
        self._is_simple = self._is_async and not self._named
        self._read: Callable[[Exchange], Awaitable[None]] | None = None
        if any(it.binding is Body for it in self.parameters):
            self._read = read_body
        elif any(it.binding in (File, Form) for it in self.parameters):
            self._read = form_reader(form_limits)

    def show_in(self, exchange: Exchange) -> None:
        """Leave the path variables where Starlette's request has them, below those of an outer mount."""
        if not self._path_names:
            return

        scope = exchange.scope
        shown: dict[str, Any] = dict(zip(self._path_names, exchange.path_values, strict=True))
        for name, convert in self._convertors.items():
            shown[name] = convert(shown[name])

        outer = scope.get("path_params")
        scope["path_params"] = {**outer, **shown} if outer else shown

    async def answer(self, exchange: Exchange) -> Answer | Response:
        """Answer one request, errors included.

        Raises:
            ClientDisconnect: The client went away while its request was read.
        """
        controller: Any = None
        try:
            controller = self._controller.ready()
            if controller is None:
                controller = await self._controller.fetch()

            if b"accept" in exchange.head:
                self._check_accept(exchange)

            if self._read is not None:
                await self._read(exchange)

            if self._is_simple:
                method = getattr(controller, self._name)
                result = await method(*[bind(exchange) for bind in self._positional])
            else:
                result = await self._call(controller, exchange)

            answer = self._answer_result(result, exchange)
            return answer if type(answer) is Answer else await ready(answer)
        except ClientDisconnect:
            raise
        except Exception as exc:
            # Without its bean, the handlers of the controller cannot be asked.
            error_handlers = None if controller is None else self._error_handlers
            return await self._failures.answer(exc, exchange, error_handlers, controller)

    async def recover(self, exc: Exception, exchange: Exchange) -> Answer | Response:
        """Answer for a response that has failed before its head was sent."""
        controller = self._controller.ready() or await self._controller.fetch()
        return await self._failures.answer(exc, exchange, self._error_handlers, controller)

    async def _call(self, controller: Any, exchange: Exchange) -> Any:
        arguments = [bind(exchange) for bind in self._positional]
        method = getattr(controller, self._name)
        if self._named:
            method = partial(method, **{name: bind(exchange) for name, bind in self._named})

        if self._is_async:
            return await method(*arguments)

        if self._runs_here:
            result = method(*arguments)
        else:
            result = await run_in_threadpool(method, *arguments)

        return await result if hasattr(result, "__await__") else result

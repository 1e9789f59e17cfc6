# SPDX-License-Identifier: Apache-2.0
"""One endpoint, compiled: what happens from the arguments to the answer."""

from collections.abc import Callable, Mapping
from functools import partial
from inspect import iscoroutinefunction
from typing import Any

from pyfly.web.adapters.starlette.answers import Answer, TrackedSend, answer_of, send_answer
from pyfly.web.adapters.starlette.beans import BeanHandle
from pyfly.web.adapters.starlette.bodies import limited, read_body
from pyfly.web.adapters.starlette.failures import Failures
from pyfly.web.adapters.starlette.requests import INJECTABLES
from pyfly.web.binding import Exchange, compile_parameters
from pyfly.web.endpoints import Endpoint
from pyfly.web.error_handlers import ErrorHandlerTable
from pyfly.web.params import Body
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response


class RoutePlan:
    """Serve the requests of one endpoint.

    Attributes:
        endpoint: What the controller declares.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        controller: BeanHandle,
        error_handlers: ErrorHandlerTable,
        failures: Failures,
        max_body_size: int,
        convertors: Mapping[str, Callable[[str], Any]],
    ) -> None:
        parameters = compile_parameters(
            endpoint.controller, endpoint.function, endpoint.template, INJECTABLES
        )
        self.endpoint = endpoint
        self._path_names = endpoint.template.names
        self._convertors = convertors
        self._controller = controller
        self._error_handlers = error_handlers
        self._failures = failures
        self._max_body_size = max_body_size
        self._name = endpoint.name
        self._status = endpoint.status_code
        self._is_async = iscoroutinefunction(endpoint.function)
        self._positional = tuple(parameter.bind for parameter in parameters if not parameter.keyword_only)
        self._named = tuple((p.name, p.bind) for p in parameters if p.keyword_only)
        self._is_simple = self._is_async and not self._named
        self._reads_body = any(parameter.binding is Body for parameter in parameters)
        self._limits_request = any(parameter.binding is Request for parameter in parameters)

    def path_params(self, values: tuple[str, ...], outer: Mapping[str, Any] | None) -> dict[str, Any]:
        """Return the path variables as Starlette shows them, below those of an outer mount."""
        shown: dict[str, Any] = dict(zip(self._path_names, values, strict=True))
        for name, convert in self._convertors.items():
            shown[name] = convert(shown[name])

        return {**outer, **shown} if outer else shown

    async def serve(self, exchange: Exchange) -> None:
        """Answer one request."""
        controller: Any = None
        answer: Answer | Response
        try:
            controller = self._controller.ready()
            if controller is None:
                controller = await self._controller.fetch()

            if self._limits_request:
                exchange.receive = limited(exchange.receive, self._max_body_size)

            if self._reads_body:
                exchange.body = await read_body(exchange, self._max_body_size)

            if self._is_simple:
                method = getattr(controller, self._name)
                result = await method(*[bind(exchange) for bind in self._positional])
            else:
                result = await self._call(controller, exchange)

            answer = answer_of(result, self._status)
        except ClientDisconnect:
            return
        except Exception as exc:
            # Without its bean, the handlers of the controller cannot be asked.
            error_handlers = None if controller is None else self._error_handlers
            answer = await self._failures.answer(exc, exchange, error_handlers, controller)

        if isinstance(answer, Answer):
            await send_answer(exchange, answer)
        else:
            await self._send_response(answer, exchange, controller)

    async def _call(self, controller: Any, exchange: Exchange) -> Any:
        arguments = [bind(exchange) for bind in self._positional]
        method = getattr(controller, self._name)
        if self._named:
            method = partial(method, **{name: bind(exchange) for name, bind in self._named})

        if self._is_async:
            return await method(*arguments)

        result = await run_in_threadpool(method, *arguments)
        return await result if hasattr(result, "__await__") else result

    async def _send_response(self, response: Response, exchange: Exchange, controller: Any) -> None:
        send = TrackedSend(exchange)
        try:
            await response(exchange.scope, exchange.receive, send)
        except ClientDisconnect:
            return
        except Exception as exc:
            if send.started:
                raise

            answer = await self._failures.answer(exc, exchange, self._error_handlers, controller)
            if isinstance(answer, Answer):
                await send_answer(exchange, answer)
            else:
                await answer(exchange.scope, exchange.receive, send)

# SPDX-License-Identifier: Apache-2.0
"""One piece of background work."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from contextvars import copy_context
from functools import partial
from inspect import isawaitable, iscoroutine, iscoroutinefunction
from typing import Any

from pyfly.context.request_context import RequestContext
from pyfly.kernel.transaction import leave_transactions

logger = logging.getLogger("pyfly.web.background")


class Job:
    """A call that is made later, in the context variables of the one who asked for it.

    It has a request context of its own, with the ids and the security context of the request, so that
    request-scoped beans are made for it and end with it. It takes no part in a transaction of the request.

    Args:
        func: The function, async or plain; a plain one is called in a worker thread.
        args: Its positional arguments.
        kwargs: Its named arguments.

    Attributes:
        name: What errors and logs call it.
        context: The context variables in which it runs.

    Raises:
        TypeError: It is no function, but what an async one returns, or something else.
    """

    __slots__ = (
        "_args",
        "_func",
        "_is_async",
        "_kwargs",
        "_request",
        "context",
        "name",
    )

    def __init__(self, func: Callable[..., object], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> None:
        if not callable(func):
            if iscoroutine(func):
                func.close()

            raise TypeError(
                f"submit(func, *args): expected a function, got {type(func).__name__}; pass the function and"
                " its arguments apart: submit(send, order), not submit(send(order))"
            )

        request = RequestContext.current()
        self._func = func
        self._args = args
        self._kwargs = kwargs
        self._is_async = _is_async(func)
        self._request = RequestContext() if request is None else request.successor()
        self.name = _name(func)
        self.context = copy_context()

    async def run(self, threads: Executor) -> None:
        """Make the call; a failure is logged."""
        leave_transactions()
        async with self._request as request:
            try:
                await self._call(threads)
            except Exception:
                request_id = request.known_request_id
                of_request = f" of request {request_id}" if request_id else ""
                logger.exception("The background work %s%s failed", self.name, of_request)

    async def _call(self, threads: Executor) -> None:
        if self._is_async:
            outcome = self._func(*self._args, **self._kwargs)
        else:
            call = partial(copy_context().run, partial(self._func, *self._args, **self._kwargs))
            outcome = await asyncio.get_running_loop().run_in_executor(threads, call)

        if isawaitable(outcome):
            await outcome


def _is_async(func: Callable[..., object]) -> bool:
    while isinstance(func, partial):
        func = func.func

    return iscoroutinefunction(func) or iscoroutinefunction(getattr(func, "__call__", None))  # noqa: B004


def _name(func: Any) -> str:
    # Partial calls and the background tasks of Starlette both hold what they call there.
    while callable(held := getattr(func, "func", None)):
        func = held

    name: str = getattr(func, "__qualname__", type(func).__qualname__)
    return name

# SPDX-License-Identifier: Apache-2.0
"""Run a check in front of a function of any kind."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import aclosing
from functools import wraps
from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])
Arguments = tuple[tuple[Any, ...], dict[str, Any]]
Check = Callable[[tuple[Any, ...], dict[str, Any]], Arguments | Awaitable[Arguments]]


def guarded(func: F, check: Check, *, predicate: Callable[..., Any] | None = None) -> F:
    """Wrap ``func`` so that ``check`` sees, and may replace, its arguments first."""
    wrapper: Callable[..., Any]
    if iscoroutinefunction(func):

        @wraps(func)
        async def coroutine(*args: Any, **kwargs: Any) -> Any:
            args, kwargs = await _settled(check(args, kwargs))
            return await func(*args, **kwargs)

        wrapper = coroutine
    elif isasyncgenfunction(func):

        @wraps(func)
        async def async_generator(*args: Any, **kwargs: Any) -> AsyncIterator[Any]:
            args, kwargs = await _settled(check(args, kwargs))
            async with aclosing(func(*args, **kwargs)) as items:
                async for item in items:
                    yield item

        wrapper = async_generator
    else:
        if predicate is not None and iscoroutinefunction(predicate):
            raise TypeError(f"validator: {func.__qualname__}() is not asynchronous and cannot await its predicate")

        wrapper = _generator(func, check) if isgeneratorfunction(func) else _function(func, check)

    return cast(F, wrapper)


def _function(func: Callable[..., Any], check: Check) -> Callable[..., Any]:
    @wraps(func)
    def function(*args: Any, **kwargs: Any) -> Any:
        args, kwargs = _immediate(func, check(args, kwargs))
        return func(*args, **kwargs)

    return function


def _generator(func: Callable[..., Any], check: Check) -> Callable[..., Any]:
    @wraps(func)
    def generator(*args: Any, **kwargs: Any) -> Iterator[Any]:
        args, kwargs = _immediate(func, check(args, kwargs))
        yield from func(*args, **kwargs)

    return generator


async def _settled(outcome: Arguments | Awaitable[Arguments]) -> Arguments:
    return outcome if isinstance(outcome, tuple) else await outcome


def _immediate(func: Callable[..., Any], outcome: Arguments | Awaitable[Arguments]) -> Arguments:
    if isinstance(outcome, tuple):
        return outcome

    close = getattr(outcome, "close", None)
    if close is not None:
        close()

    raise TypeError(f"validator: {func.__qualname__}() is not asynchronous and cannot await its predicate")

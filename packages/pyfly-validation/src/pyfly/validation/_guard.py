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


def can_await(func: Callable[..., Any]) -> bool:
    """Tell whether a function may wait for a check."""
    return iscoroutinefunction(func) or isasyncgenfunction(func)


def guarded(func: F, check: Check) -> F:
    """Wrap ``func`` so that ``check`` sees, and may replace, its arguments first.

    Args:
        func: A function, coroutine function, generator function or asynchronous generator function.
        check: May return an awaitable only for those that `can_await`.
    """
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
    elif isgeneratorfunction(func):

        @wraps(func)
        def generator(*args: Any, **kwargs: Any) -> Iterator[Any]:
            args, kwargs = cast(Arguments, check(args, kwargs))
            yield from func(*args, **kwargs)

        wrapper = generator
    else:

        @wraps(func)
        def function(*args: Any, **kwargs: Any) -> Any:
            args, kwargs = cast(Arguments, check(args, kwargs))
            return func(*args, **kwargs)

        wrapper = function

    return cast(F, wrapper)


async def _settled(outcome: Arguments | Awaitable[Arguments]) -> Arguments:
    return outcome if isinstance(outcome, tuple) else await outcome

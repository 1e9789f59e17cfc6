# SPDX-License-Identifier: Apache-2.0
"""Decorators that check the arguments of a function before it runs."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from inspect import Parameter, iscoroutinefunction, signature
from typing import Any, TypeVar

from pydantic import BaseModel

from pyfly.kernel.exceptions import ValidationException
from pyfly.validation._guard import Arguments, can_await, guarded
from pyfly.validation.errors import VALIDATION_ERROR
from pyfly.validation.helpers import validate_model

F = TypeVar("F", bound=Callable[..., Any])


def validate_input(model: type[BaseModel], param: str) -> Callable[[F], F]:
    """Validate one argument, given by position or by keyword, before the function runs.

    A mapping is replaced by the validated model. ``None``, an absent argument and an instance of the model
    pass unchanged. Functions, coroutine functions, generators and asynchronous generators are supported; a
    generator is checked when its iteration begins.

    Args:
        model: The pydantic model that the argument must fit.
        param: Name of the parameter.

    Raises:
        TypeError: At decoration, when the function has no such parameter.
        ValidationException: At the call, when the argument does not fit.
    """

    def decorate(func: F) -> F:
        position = _position(func, param)

        def check(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Arguments:
            if param in kwargs:
                return args, {**kwargs, param: _validated(model, param, kwargs[param])}

            if position is not None and position < len(args):
                checked = _validated(model, param, args[position])
                return (*args[:position], checked, *args[position + 1 :]), kwargs

            return args, kwargs

        return guarded(func, check)

    return decorate


def validator(
    predicate: Callable[..., bool | Awaitable[bool]], message: str = "Validation failed"
) -> Callable[[F], F]:
    """Let a function run only if a predicate accepts its arguments.

    The predicate gets the arguments of the call, ``self`` included. Of several validators the topmost runs
    first.

    Args:
        predicate: Receives what the function receives. It may be a coroutine function if the function is
            asynchronous itself.
        message: Text of the exception.

    Raises:
        TypeError: At decoration, when an asynchronous predicate guards a function that cannot await it.
        ValidationException: At the call, when the predicate's result is false.
    """

    def decorate(func: F) -> F:
        refusal = f"validator: {func.__qualname__}() is not asynchronous and cannot await its predicate"
        if iscoroutinefunction(predicate) and not can_await(func):
            raise TypeError(refusal)

        def check(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Arguments | Awaitable[Arguments]:
            verdict = predicate(*args, **kwargs)
            if isinstance(verdict, Awaitable):
                if can_await(func):
                    return awaited(verdict, args, kwargs)

                if isinstance(verdict, Coroutine):
                    verdict.close()

                raise TypeError(refusal)

            return accepted(verdict, args, kwargs)

        async def awaited(
            verdict: Awaitable[bool], args: tuple[Any, ...], kwargs: dict[str, Any]
        ) -> Arguments:
            return accepted(await verdict, args, kwargs)

        def accepted(verdict: bool, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Arguments:
            if not verdict:
                raise ValidationException(message, code=VALIDATION_ERROR)

            return args, kwargs

        return guarded(func, check)

    return decorate


def _position(func: Callable[..., Any], param: str) -> int | None:
    parameters = signature(func).parameters
    found = parameters.get(param)
    if found is None or found.kind in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD):
        raise TypeError(
            f"validate_input(param={param!r}): {func.__qualname__}() has no parameter {param!r}; "
            f"it has {', '.join(parameters) or 'none'}"
        )

    return None if found.kind is Parameter.KEYWORD_ONLY else list(parameters).index(param)


def _validated(model: type[BaseModel], param: str, value: object) -> object:
    if value is None or isinstance(value, model):
        return value

    if isinstance(value, Mapping):
        return validate_model(model, value)

    raise ValidationException(
        f"Invalid value for '{param}': expected {model.__name__} or a dict", code=VALIDATION_ERROR
    )

# SPDX-License-Identifier: Apache-2.0
"""Validation of all arguments of a function by the annotations of its parameters."""

from collections.abc import Callable
from contextlib import suppress
from functools import cache, wraps
from inspect import signature
from typing import Any, TypeVar

from pydantic import ConfigDict, ValidationError, validate_call

from pyfly.validation._guard import Arguments, guarded
from pyfly.validation.errors import validation_exception

F = TypeVar("F", bound=Callable[..., Any])


def validate_arguments(func: F) -> F:
    """Check and convert the arguments of every call, as pydantic would for fields with these annotations.

    Parameters without an annotation, ``self`` among them, take what comes; of a class that pydantic does not
    know, instances are accepted. Defaults are not checked.
    Functions, coroutine functions, generators and asynchronous generators are supported; a generator is
    checked when its iteration begins.

    Args:
        func: The function. An annotation may name what its module defines later.

    Raises:
        NameError: At the first call, when an annotation names nothing.
        pydantic.errors.PydanticUserError: At decoration, when an annotation cannot be validated.
        ValidationException: At the call, when arguments do not fit; each location begins with the name of
            the parameter.
    """
    names = list(signature(func).parameters)

    @wraps(func)
    def take(*args: Any, **kwargs: Any) -> Arguments:
        return args, kwargs

    @cache
    def converter() -> Callable[..., Arguments]:
        return validate_call(config=ConfigDict(arbitrary_types_allowed=True))(take)

    with suppress(NameError):  # of a class that is still being defined: the first call knows it
        converter()

    def check(args: tuple[Any, ...], kwargs: dict[str, Any]) -> Arguments:
        try:
            return converter()(*args, **kwargs)
        except ValidationError as error:
            raise validation_exception(error, names=names) from error

    return guarded(func, check)

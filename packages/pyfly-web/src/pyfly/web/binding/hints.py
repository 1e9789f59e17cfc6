# SPDX-License-Identifier: Apache-2.0
"""Names, hints and defaults of a method's parameters, each hint evaluated on its own."""

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from inspect import Parameter, Signature, signature, unwrap
from typing import Any, get_type_hints

from pyfly.web.decoration_site import remembered_names
from pyfly.web.errors import RouteDefinitionError


@dataclass(frozen=True, slots=True)
class ParameterHint:
    """One parameter: ``default`` is ``Parameter.empty`` when there is none."""

    name: str
    hint: Any
    default: Any
    keyword_only: bool


def handler_parameters(controller: type, function: Callable[..., Any]) -> list[ParameterHint]:
    """Return the parameters of a method without ``self``, ``*args`` and ``**kwargs``.

    Raises:
        RouteDefinitionError: A hint names something that is not known at run time.
    """
    parameters = list(_signature(function).parameters.values())[1:]
    return _hinted(controller, function, parameters)


def function_parameters(function: Callable[..., Any]) -> list[ParameterHint]:
    """Return the parameters of a function, or of a method that is bound already, without any ``self``.

    Raises:
        RouteDefinitionError: A hint names something that is not known at run time.
    """
    parameters = list(_signature(function).parameters.values())
    if parameters and parameters[0].name == "self":
        parameters = parameters[1:]

    return _hinted(owner_of(function), function, parameters)


def owner_of(function: Callable[..., Any]) -> type:
    """Return the class of a bound method, or a stand-in that has the name of the function's place."""
    bound_to = getattr(function, "__self__", None)
    if bound_to is not None:
        return bound_to if isinstance(bound_to, type) else type(bound_to)

    return type(function.__qualname__.rpartition(".")[0] or function.__module__, (), {})


def _hinted(
    controller: type, function: Callable[..., Any], parameters: Iterable[Parameter]
) -> list[ParameterHint]:
    return [
        ParameterHint(
            parameter.name,
            _evaluate(controller, function, parameter.name, parameter.annotation),
            parameter.default,
            parameter.kind is Parameter.KEYWORD_ONLY,
        )
        for parameter in parameters
        if parameter.kind not in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD)
    ]


def return_hint(controller: type, function: Callable[..., Any]) -> Any:
    """Return the declared type of a method's results; ``Any`` if none is declared.

    Raises:
        RouteDefinitionError: The hint names something that is not known at run time.
    """
    return _evaluate(controller, function, "return", _signature(function).return_annotation)


def _signature(function: Callable[..., Any]) -> Signature:
    if sys.version_info >= (3, 14):
        from annotationlib import Format

        return signature(function, annotation_format=Format.FORWARDREF)

    return signature(function)


def _evaluate(controller: type, function: Callable[..., Any], name: str, annotation: Any) -> Any:
    if annotation is Parameter.empty:
        return Any

    module = sys.modules.get(unwrap(function).__module__)
    nested = {name: member for name, member in vars(controller).items() if isinstance(member, type)}
    names = {
        **nested,
        **(vars(module) if module else {}),
        controller.__name__: controller,
        **remembered_names(function),
    }

    def holder() -> None: ...

    holder.__annotations__ = {"hint": annotation}
    try:
        return get_type_hints(holder, names, include_extras=True)["hint"]
    except NameError as error:
        problem = f"its type hint names {error.name!r}, which is not known at run time."
        action = "Import it in the module itself: not below TYPE_CHECKING, and not inside a function."
        cause: Exception = error
    except (AttributeError, SyntaxError, TypeError) as error:
        problem = f"its type hint {annotation!r} cannot be evaluated: {error}."
        action = "Correct the hint."
        cause = error

    raise RouteDefinitionError(
        problem,
        action,
        controller=controller.__name__,
        method=function.__name__,
        parameter=name,
    ) from cause

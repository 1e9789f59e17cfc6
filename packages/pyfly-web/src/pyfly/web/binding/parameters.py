# SPDX-License-Identifier: Apache-2.0
"""The parameters of one handler, each with the function that reads it from a request."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from inspect import Parameter
from typing import Any

from pydantic import PydanticUserError
from pydantic.errors import PydanticSchemaGenerationError, PydanticUndefinedAnnotation

from pyfly.web.binding.body import body_binder
from pyfly.web.binding.exchange import Exchange
from pyfly.web.binding.forms import file_binder, form_binder
from pyfly.web.binding.hints import ParameterHint, handler_parameters
from pyfly.web.binding.names import lookup_name, take_name
from pyfly.web.binding.sources import source_binder
from pyfly.web.conversion import BodyConversion
from pyfly.web.errors import RouteDefinitionError
from pyfly.web.params import Body, File, Form, inspect_binding
from pyfly.web.routing import PathTemplate
from pyfly.web.type_forms import admits_none, members, shown

Injectables = Mapping[type, Callable[[Exchange], Any]]


@dataclass(frozen=True, slots=True)
class BoundParameter:
    """One parameter of a handler.

    Attributes:
        name: Its name in Python.
        binding: The marker alias, or the injected class.
        inner_type: The type without markers.
        keyword_only: Whether it can only be passed by name.
        bind: Reads its value from a request.
        lookup: Its name in the request, such as ``x-api-key``; empty where there is none.
        default: Its default, or ``Parameter.empty``.
        validate: Whether it is marked with ``Valid``.
    """

    name: str
    binding: Any
    inner_type: Any
    keyword_only: bool
    bind: Callable[[Exchange], Any]
    lookup: str = ""
    default: Any = Parameter.empty
    validate: bool = False

    @property
    def required(self) -> bool:
        """Whether a request without it is refused."""
        return self.default is Parameter.empty and not admits_none(self.inner_type)


def compile_parameters(
    controller: type,
    function: Callable[..., Any],
    template: PathTemplate,
    injectables: Injectables,
    conversion: BodyConversion | None = None,
    hints: Iterable[ParameterHint] | None = None,
) -> tuple[BoundParameter, ...]:
    """Compile the parameters of a handler.

    Args:
        controller: The controller class.
        function: Its method.
        template: The full path.
        injectables: Classes whose instances a parameter may ask for, each with the function that makes one.
        conversion: How bodies are read; JSON and XML if not given.
        hints: The parameters to compile; all of the method if not given.

    Raises:
        RouteDefinitionError: A parameter cannot be bound.
    """
    conversion = conversion or BodyConversion.of(None)
    compiled: list[BoundParameter] = []
    for parameter in handler_parameters(controller, function) if hints is None else hints:
        bound = _compile(controller, function, parameter, template, injectables, conversion)
        if bound is not None:
            compiled.append(bound)

    bodies = [parameter.name for parameter in compiled if parameter.binding is Body]
    if len(bodies) > 1:
        raise RouteDefinitionError(
            f"{' and '.join(bodies)} both take the request body.",
            "Put them into one model, or read one of them from elsewhere.",
            controller=controller.__name__,
            method=function.__name__,
            parameter=bodies[1],
        )

    forms = [parameter.name for parameter in compiled if parameter.binding in (File, Form)]
    if bodies and forms:
        raise RouteDefinitionError(
            f"{bodies[0]} takes the request body, and {forms[0]} takes a part of it.",
            "Take text fields with Form in place of Body or Valid.",
            controller=controller.__name__,
            method=function.__name__,
            parameter=bodies[0],
        )

    return tuple(compiled)


def _compile(
    controller: type,
    function: Callable[..., Any],
    parameter: ParameterHint,
    template: PathTemplate,
    injectables: Injectables,
    conversion: BodyConversion,
) -> BoundParameter | None:
    def fail(problem: str, action: str) -> RouteDefinitionError:
        return RouteDefinitionError(
            problem,
            action,
            controller=controller.__name__,
            method=function.__name__,
            parameter=parameter.name,
        )

    binding, inner, validate = inspect_binding(parameter.hint)
    has_default = parameter.default is not Parameter.empty
    if binding is None:
        make = injectables.get(inner) if isinstance(inner, type) else None
        if make is not None:
            return BoundParameter(parameter.name, inner, inner, parameter.keyword_only, make)

        for member in members(parameter.hint):
            alias, wrapped, _ = inspect_binding(member)
            if alias is not None:
                raise fail(
                    "the marker stands inside a union, where it has no effect.",
                    f"Put the union inside the marker: Marker[{shown(wrapped)} | None].",
                )

        if has_default:
            return None

        raise fail(
            "nothing says where the value comes from.",
            "Mark it with PathVar, QueryParam, Header, Cookie, Body, Form, File or Valid, or give it a "
            "default.",
        )

    inner, declared = take_name(binding, inner, fail)
    lookup = lookup_name(binding, declared, parameter.name)
    default = parameter.default
    try:
        if binding is Body:
            bind = body_binder(
                inner, default, has_default=has_default, validate=validate, conversion=conversion
            )
        elif binding is File:
            bind = file_binder(inner, lookup, default, fail)
        elif binding is Form:
            bind = form_binder(inner, lookup, default, fail)
        else:
            bind = source_binder(binding, inner, lookup, default, template, fail)
    except (PydanticSchemaGenerationError, PydanticUndefinedAnnotation, PydanticUserError) as error:
        raise fail(
            f"no value of type {shown(inner)} can be read from a request: {_first_line(error)}.",
            "Use a type that pydantic can validate, and define all names that it refers to.",
        ) from error

    return BoundParameter(
        parameter.name, binding, inner, parameter.keyword_only, bind, lookup, default, validate
    )


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].rstrip(".")

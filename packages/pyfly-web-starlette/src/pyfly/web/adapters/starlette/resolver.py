# SPDX-License-Identifier: Apache-2.0
"""The parameters of a handler, read from a request of Starlette."""

from collections.abc import Callable
from dataclasses import dataclass
from inspect import Parameter
from typing import Any, Final

from pyfly.config.properties.content_negotiation import ContentNegotiationProperties
from pyfly.config.properties.web_multipart import MultipartProperties
from pyfly.web.adapters.starlette.forms import read_form
from pyfly.web.adapters.starlette.requests import INJECTABLES
from pyfly.web.binding import BodyState, BoundParameter, Exchange, compile_parameters
from pyfly.web.binding.hints import ParameterHint, function_parameters, owner_of
from pyfly.web.binding.names import lookup_name, take_name
from pyfly.web.conversion import BodyConversion
from pyfly.web.errors import RouteDefinitionError
from pyfly.web.message_converters import MessageConverterRegistry
from pyfly.web.params import Body, File, Form, PathVar, inspect_binding
from pyfly.web.routing import PathTemplate
from starlette.requests import Request

MISSING: Final = Parameter.empty
"""Stands for a default that does not exist."""

# Without an application there is no stranger who sends a request: a body of an untold type is JSON.
_LENIENT: Final = ContentNegotiationProperties(strict_content_type=False)


@dataclass
class ResolvedParam:
    """One parameter that a request gives a value to.

    Attributes:
        name: Its name in Python.
        binding_type: The marker alias, or the class of what is injected.
        inner_type: The type without markers.
        default: Its default, or ``MISSING``.
        validate: Whether it is marked with ``Valid``.
        required: Whether a request without it is refused.
    """

    name: str
    binding_type: Any
    inner_type: Any
    default: Any = MISSING
    validate: bool = False
    required: bool = True


class ParameterResolver:
    """Read the parameters of a handler from requests, outside of any application as well.

    A parameter that carries no marker and is not injected is left alone.

    Args:
        handler: A function, or a method, bound or not.

    Attributes:
        params: The parameters that are read.

    Raises:
        RouteDefinitionError: A parameter that carries a marker cannot be bound.
    """

    def __init__(self, handler: Callable[..., Any]) -> None:
        self._handler = handler
        self._hints = [hint for hint in function_parameters(handler) if _is_bound(hint)]
        self._owner = owner_of(handler)
        self._template = _template_of(self._owner, handler, self._hints)
        self._registry: MessageConverterRegistry | None = None
        self._bound = self._compiled(BodyConversion(properties=_LENIENT))
        self.params = [
            ResolvedParam(it.name, it.binding, it.inner_type, it.default, it.validate, it.required)
            for it in self._bound
        ]

    async def resolve(self, request: Request) -> dict[str, Any]:
        """Return the values of the parameters by name; uploaded files are the caller's to close.

        Args:
            request: The request; its converters are those of the application it came to, if there is one.

        Raises:
            InvalidRequestException: A value is missing, or is no value of its type.
            ValidationException: A value that is marked with ``Valid`` breaks a rule.
            ValidationError: A body that is not marked with ``Valid`` breaks a rule.
            ValueError: A path variable is missing.
        """
        exchange = Exchange(
            {"query_string": b"", **request.scope, "headers": list(request.scope.get("headers", ()))},
            request.receive,
            None,
            tuple(str(request.path_params.get(name, "")) for name in self._template.names),
        )
        exchange.request = request
        bound = self._bound_for(request)
        if any(it.binding is Body for it in bound):
            exchange.body = await request.body()
            exchange.body_state = BodyState.READ

        if any(it.binding in (File, Form) for it in bound):
            exchange.form = await read_form(exchange, MultipartProperties())

        return {it.name: _value(it, exchange, request) for it in bound}

    def _bound_for(self, request: Request) -> tuple[BoundParameter, ...]:
        state = getattr(request.scope.get("app"), "state", None)
        registry = getattr(state, "pyfly_message_converters", None)
        if registry is not None and registry is not self._registry:
            self._registry = registry
            self._bound = self._compiled(BodyConversion(registry=registry))

        return self._bound

    def _compiled(self, conversion: BodyConversion) -> tuple[BoundParameter, ...]:
        return compile_parameters(
            self._owner, self._handler, self._template, INJECTABLES, conversion, self._hints
        )


def _is_bound(hint: ParameterHint) -> bool:
    binding, inner, _ = inspect_binding(hint.hint)
    return binding is not None or (isinstance(inner, type) and inner in INJECTABLES)


def _template_of(owner: type, handler: Callable[..., Any], hints: list[ParameterHint]) -> PathTemplate:
    def lookup(hint: ParameterHint) -> str:
        def fail(problem: str, action: str) -> RouteDefinitionError:
            return RouteDefinitionError(
                problem, action, controller=owner.__name__, method=handler.__name__, parameter=hint.name
            )

        _, inner, _ = inspect_binding(hint.hint)
        return lookup_name(PathVar, take_name(PathVar, inner, fail)[1], hint.name)

    names = [lookup(hint) for hint in hints if inspect_binding(hint.hint)[0] is PathVar]
    return PathTemplate("the request's path", (), tuple(dict.fromkeys(names)))


def _value(parameter: BoundParameter, exchange: Exchange, request: Request) -> Any:
    if parameter.binding is not PathVar or parameter.lookup in request.path_params:
        return parameter.bind(exchange)

    if parameter.default is not MISSING:
        return parameter.default

    raise ValueError(f"Missing path variable: {parameter.lookup}")

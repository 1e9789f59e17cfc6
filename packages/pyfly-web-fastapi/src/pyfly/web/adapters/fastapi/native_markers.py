# SPDX-License-Identifier: Apache-2.0
"""FastAPI's markers on parameters of controllers, where nobody would read them."""

from collections.abc import Iterable
from typing import Annotated, Any, Final, get_args, get_origin

from fastapi import params
from pyfly.web.binding.hints import handler_parameters
from pyfly.web.endpoints import Endpoint
from pyfly.web.errors import RouteDefinitionError
from pyfly.web.params import inspect_binding

_MARKERS: Final = (params.Depends, params.Param, params.Body)


def refuse_native_markers(endpoints: Iterable[Endpoint]) -> None:
    """Find parameters that FastAPI would have to fill in.

    Args:
        endpoints: The endpoints of controllers.

    Raises:
        RouteDefinitionError: A parameter is marked for FastAPI alone, and would never get its value.
    """
    for endpoint in endpoints:
        for parameter in handler_parameters(endpoint.controller, endpoint.function):
            marker = _marker(parameter.hint, parameter.default)
            if marker is not None and inspect_binding(parameter.hint)[0] is None:
                name = type(marker).__name__
                raise RouteDefinitionError(
                    f"{name}() is a marker of FastAPI, which does not serve controllers.",
                    "Take what the bean needs in its constructor; mark values of the request with PathVar,"
                    " QueryParam, Header, Cookie, Body, Form or File; or write a function of FastAPI.",
                    controller=endpoint.controller.__name__,
                    method=endpoint.name,
                    parameter=parameter.name,
                )


def _marker(hint: Any, default: Any) -> Any:
    metadata = get_args(hint)[1:] if get_origin(hint) is Annotated else ()
    return next((it for it in (default, *metadata) if isinstance(it, _MARKERS)), None)

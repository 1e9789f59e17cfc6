# SPDX-License-Identifier: Apache-2.0
"""What this distribution adds to an application by being installed."""

from pyfly.container.bean import bean
from pyfly.context.conditions import (
    auto_configuration,
    conditional_on_class,
    conditional_on_expression,
    conditional_on_missing_bean,
    conditional_on_property,
)
from pyfly.web.converters import ExceptionConverter
from pyfly.web.ports.outbound import WebServerPort

# Of the adapters that come with PyFly, FastAPI's is the first; Starlette's follows (200).
_ORDER = 100
_ADAPTER = "${pyfly.web.adapter:auto}"


@auto_configuration(order=_ORDER)
@conditional_on_class("fastapi")
@conditional_on_property("pyfly.web.enabled", match_if_missing=True)
@conditional_on_expression(f'#{{{_ADAPTER} == "auto" or {_ADAPTER} == "fastapi"}}')
@conditional_on_missing_bean(WebServerPort)
class FastAPIAutoConfiguration:
    """Provide the FastAPI adapter, unless another web adapter is there or asked for."""

    @bean
    def fastapi_adapter(self) -> WebServerPort:
        """Make the adapter."""
        from pyfly.web.adapters.fastapi.adapter import FastAPIWebAdapter

        return FastAPIWebAdapter()

    @bean
    def request_validation_converter(self) -> ExceptionConverter:
        """Let advice answer for what FastAPI finds wrong with a request."""
        from pyfly.web.adapters.fastapi.validation_converter import RequestValidationConverter

        return RequestValidationConverter()

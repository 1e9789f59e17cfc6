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
from pyfly.web.ports.outbound import WebServerPort

# Of the adapters that come with PyFly this is the last one; FastAPI's (100) goes before it.
_ORDER = 200
_ADAPTER = "${pyfly.web.adapter:auto}"


@auto_configuration(order=_ORDER)
@conditional_on_class("starlette")
@conditional_on_property("pyfly.web.enabled", match_if_missing=True)
@conditional_on_expression(f'#{{{_ADAPTER} == "auto" or {_ADAPTER} == "starlette"}}')
@conditional_on_missing_bean(WebServerPort)
class StarletteAutoConfiguration:
    """Provide the Starlette adapter, unless another web adapter is there or asked for."""

    @bean
    def web_adapter(self) -> WebServerPort:
        """Make the adapter."""
        from pyfly.web.adapters.starlette.adapter import StarletteWebAdapter

        return StarletteWebAdapter()

# SPDX-License-Identifier: Apache-2.0
"""What this distribution adds to an application by being installed."""

from pyfly.container.bean import bean
from pyfly.context.conditions import auto_configuration, conditional_on_class, conditional_on_missing_bean
from pyfly.web.ports.outbound import WebServerPort


@auto_configuration
@conditional_on_class("starlette")
class StarletteAutoConfiguration:
    """Provide the Starlette adapter, unless another web adapter is there."""

    @bean
    @conditional_on_missing_bean(WebServerPort)
    def web_adapter(self) -> WebServerPort:
        """Make the adapter."""
        from pyfly.web.adapters.starlette.adapter import StarletteWebAdapter

        return StarletteWebAdapter()

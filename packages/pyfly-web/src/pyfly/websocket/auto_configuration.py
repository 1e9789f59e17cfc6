# SPDX-License-Identifier: Apache-2.0
"""What an application has of WebSockets by the distribution being installed; adapters serve them."""

from pyfly.container.bean import bean
from pyfly.context.conditions import auto_configuration, conditional_on_property
from pyfly.websocket.mapping_summary import WebSocketSummary


@auto_configuration
@conditional_on_property("pyfly.web.enabled", match_if_missing=True)
class WebSocketAutoConfiguration:
    """Provide what all web adapters share."""

    @bean
    def websocket_summary(self) -> WebSocketSummary:
        """Tell the log of the start which WebSockets there are."""
        return WebSocketSummary()

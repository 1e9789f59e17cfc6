# SPDX-License-Identifier: Apache-2.0
"""What ends open connections when the application stops."""

from pyfly.container.bean import bean
from pyfly.context.conditions import (
    auto_configuration,
    conditional_on_missing_bean,
    conditional_on_property,
)
from pyfly.web.connections.open_connections import OpenConnections


@auto_configuration
@conditional_on_property("pyfly.web.enabled", match_if_missing=True)
class ConnectionsAutoConfiguration:
    """Provide the register of open connections."""

    @bean
    @conditional_on_missing_bean(OpenConnections)
    def open_connections(self) -> OpenConnections:
        """Make the register."""
        return OpenConnections()

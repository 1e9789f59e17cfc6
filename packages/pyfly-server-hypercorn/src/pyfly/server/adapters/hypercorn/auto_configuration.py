# SPDX-License-Identifier: Apache-2.0
"""Hypercorn as the server bean."""

from pyfly.container.bean import bean
from pyfly.context.conditions import (
    auto_configuration,
    conditional_on_class,
    conditional_on_expression,
    conditional_on_missing_bean,
)
from pyfly.server.ports.outbound import ApplicationServerPort

# Of the shipped servers Granian comes first (100), then uvicorn (200) and hypercorn (300).
_ORDER = 300
_TYPE = "${pyfly.server.type:auto}"


@auto_configuration(order=_ORDER)
@conditional_on_class("hypercorn")
@conditional_on_expression(f'#{{{_TYPE} == "auto" or {_TYPE} == "hypercorn"}}')
@conditional_on_missing_bean(ApplicationServerPort)
class HypercornAutoConfiguration:
    """Provide Hypercorn, unless there is a server already or ``pyfly.server.type`` asks for another."""

    @bean
    def hypercorn_server(self) -> ApplicationServerPort:
        """Return the adapter of Hypercorn."""
        from pyfly.server.adapters.hypercorn.adapter import HypercornServerAdapter

        return HypercornServerAdapter()

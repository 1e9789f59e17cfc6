# SPDX-License-Identifier: Apache-2.0
"""Granian as the server bean."""

from pyfly.container.bean import bean
from pyfly.context.conditions import (
    auto_configuration,
    conditional_on_class,
    conditional_on_expression,
    conditional_on_missing_bean,
)
from pyfly.server.ports.outbound import ApplicationServerPort

# Of the shipped servers Granian comes first, then uvicorn (200) and hypercorn (300).
_ORDER = 100
_TYPE = "${pyfly.server.type:auto}"


@auto_configuration(order=_ORDER)
@conditional_on_class("granian")
@conditional_on_expression(f'#{{{_TYPE} == "auto" or {_TYPE} == "granian"}}')
@conditional_on_missing_bean(ApplicationServerPort)
class GranianAutoConfiguration:
    """Provide Granian, unless the application has a server or ``pyfly.server.type`` asks for another."""

    @bean
    def granian_server(self) -> ApplicationServerPort:
        """Return the adapter of Granian."""
        from pyfly.server.adapters.granian.adapter import GranianServerAdapter

        return GranianServerAdapter()

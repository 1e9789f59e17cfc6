# SPDX-License-Identifier: Apache-2.0
"""Uvicorn as the server bean."""

from pyfly.container.bean import bean
from pyfly.context.conditions import (
    auto_configuration,
    conditional_on_class,
    conditional_on_expression,
    conditional_on_missing_bean,
)
from pyfly.server.ports.outbound import ApplicationServerPort

# Of the shipped servers Granian comes first (100), then uvicorn (200) and hypercorn (300).
_ORDER = 200
_TYPE = "${pyfly.server.type:auto}"


@auto_configuration(order=_ORDER)
@conditional_on_class("uvicorn")
@conditional_on_expression(f'#{{{_TYPE} == "auto" or {_TYPE} == "uvicorn"}}')
@conditional_on_missing_bean(ApplicationServerPort)
class UvicornAutoConfiguration:
    """Provide Uvicorn, unless there is a server already or ``pyfly.server.type`` asks for another."""

    @bean
    def uvicorn_server(self) -> ApplicationServerPort:
        """Return the adapter of Uvicorn."""
        from pyfly.server.adapters.uvicorn.adapter import UvicornServerAdapter

        return UvicornServerAdapter()

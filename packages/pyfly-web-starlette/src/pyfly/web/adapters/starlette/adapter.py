# SPDX-License-Identifier: Apache-2.0
"""The port of web adapters, on Starlette."""

from typing import Any, ClassVar

from pyfly.web.adapters.starlette.app import create_app
from pyfly.web.ports.outbound import WebServerPort
from starlette.applications import Starlette


class StarletteWebAdapter(WebServerPort):
    """Build Starlette applications.

    Attributes:
        order: Place among the installed adapters when the choice is ``auto``; the lowest is taken.
    """

    order: ClassVar[int] = 200

    def create_app(self, **kwargs: Any) -> Starlette:
        """Build an application; see `pyfly.web.adapters.starlette.app.create_app` for the arguments."""
        return create_app(**kwargs)

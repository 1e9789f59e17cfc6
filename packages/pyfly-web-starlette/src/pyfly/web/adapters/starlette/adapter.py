# SPDX-License-Identifier: Apache-2.0
"""The port of web adapters, on Starlette."""

from typing import Any, ClassVar

from pyfly.web.ports.outbound import WebServerPort


class StarletteWebAdapter(WebServerPort):
    """Build Starlette applications.

    Attributes:
        order: Place among the installed adapters when the choice is ``auto``; the lowest is taken.
    """

    order: ClassVar[int] = 200

    def create_app(self, **kwargs: Any) -> Any:
        """Build an application of Starlette.

        Args:
            kwargs: What `pyfly.web.adapters.starlette.app.create_app` takes.
        """
        # Every application that has this distribution has the adapter; only this needs Starlette.
        from pyfly.web.adapters.starlette.app import create_app

        return create_app(**kwargs)

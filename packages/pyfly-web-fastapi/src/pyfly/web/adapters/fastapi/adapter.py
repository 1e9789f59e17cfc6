# SPDX-License-Identifier: Apache-2.0
"""The port of web adapters, on FastAPI."""

from typing import Any, ClassVar

from pyfly.web.ports.outbound import WebServerPort


class FastAPIWebAdapter(WebServerPort):
    """Build FastAPI applications.

    Attributes:
        order: Place among the installed adapters when the choice is ``auto``; the lowest is taken.
    """

    order: ClassVar[int] = 100

    def create_app(self, **kwargs: Any) -> Any:
        """Build an application of FastAPI.

        Args:
            kwargs: What `pyfly.web.adapters.fastapi.app.create_app` takes.
        """
        # Every application that has this distribution has the adapter; only this needs FastAPI.
        from pyfly.web.adapters.fastapi.app import create_app

        return create_app(**kwargs)

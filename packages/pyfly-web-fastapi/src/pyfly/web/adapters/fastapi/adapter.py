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
        # The adapter is a bean of every application that has this distribution; FastAPI is only needed here.
        from pyfly.web.adapters.fastapi.app import create_app

        return create_app(**kwargs)

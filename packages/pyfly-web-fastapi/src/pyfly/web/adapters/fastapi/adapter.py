# SPDX-License-Identifier: Apache-2.0
"""The port of web adapters, on FastAPI."""

from typing import Any, ClassVar

from fastapi import FastAPI
from pyfly.web.adapters.fastapi.app import create_app
from pyfly.web.ports.outbound import WebServerPort


class FastAPIWebAdapter(WebServerPort):
    """Build FastAPI applications.

    Attributes:
        order: Place among the installed adapters when the choice is ``auto``; the lowest is taken.
    """

    order: ClassVar[int] = 100

    def create_app(self, **kwargs: Any) -> FastAPI:
        """Build an application; see `pyfly.web.adapters.fastapi.app.create_app` for the arguments."""
        return create_app(**kwargs)

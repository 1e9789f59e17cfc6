# SPDX-License-Identifier: Apache-2.0
"""The ASGI application that ``pyfly run`` serves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette

from orders.app import Application
from pyfly.core import PyFlyApplication
from pyfly.web.adapters.starlette.app import create_app

pyfly = PyFlyApplication(Application)


@asynccontextmanager
async def lifespan(_: Starlette) -> AsyncIterator[None]:
    """Start the beans before the first request, and stop them after the last."""
    await pyfly.startup()
    try:
        yield
    finally:
        await pyfly.shutdown()


app = create_app(title="orders", version="1.0.0", context=pyfly.context, lifespan=lifespan)

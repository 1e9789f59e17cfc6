# SPDX-License-Identifier: Apache-2.0
"""The ASGI application that ``pyfly run`` serves."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from orders.app import Application
from pyfly.core import PyFlyApplication
from pyfly.web import create_app


def build(config_path: Path | None = None) -> Any:
    """Build the application with the web adapter of the configuration."""
    pyfly = PyFlyApplication(Application, config_path=config_path)

    @asynccontextmanager
    async def lifespan(_: Any) -> AsyncIterator[None]:
        """Start the beans before the first request, and stop them after the last."""
        await pyfly.startup()
        try:
            yield
        finally:
            await pyfly.shutdown()

    return create_app(
        title="orders",
        version="1.0.0",
        description="Takes orders and tells what became of them.",
        context=pyfly.context,
        lifespan=lifespan,
    )


app = build()

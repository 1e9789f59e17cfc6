# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from pyfly.config.store import Config
from pyfly.context.application_context import ApplicationContext
from pyfly.logging.selection import release_logging
from pyfly.web.adapters.starlette.app import create_app

Serve = Callable[..., AbstractContextManager[TestClient]]


def context_of(*beans: type) -> ApplicationContext:
    context = ApplicationContext(Config({}))
    for bean in beans:
        context.register_bean(bean)

    return context


def lifespan_of(context: ApplicationContext) -> Callable[[Starlette], Any]:
    @asynccontextmanager
    async def lifespan(app: Starlette) -> Any:
        await context.start()
        yield
        await context.stop()

    return lifespan


@pytest.fixture
def new_context() -> Callable[..., ApplicationContext]:
    """Make a context, not started, that holds the given beans."""
    return context_of


@pytest.fixture
def lifespan_for() -> Callable[[ApplicationContext], Callable[[Starlette], Any]]:
    """Make a lifespan that starts and stops a context."""
    return lifespan_of


@pytest.fixture
def serve() -> Serve:
    """Serve the given beans, started and stopped by the lifespan, to a test client."""

    @contextmanager
    def serving(
        *beans: type, prepare: Callable[[Starlette], None] | None = None, **options: Any
    ) -> Iterator[TestClient]:
        context = context_of(*beans)
        app = create_app(context=context, lifespan=lifespan_of(context), **options)
        if prepare is not None:
            prepare(app)

        with TestClient(app) as client:
            yield client

    return serving


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """Take away the logging that a test has set up: it would change the records of those after it."""
    yield
    release_logging()

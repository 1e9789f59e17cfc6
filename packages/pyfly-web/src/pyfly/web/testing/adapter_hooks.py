# SPDX-License-Identifier: Apache-2.0
"""What the contract asks of an adapter's test class."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from pyfly.config.store import Config
from pyfly.context.application_context import ApplicationContext
from pyfly.web.errors import RouteDefinitionError
from pyfly.web.testing.asgi_client import AsgiApp, AsgiClient
from pyfly.web.testing.asgi_lifespan import running

Lifespan = Callable[[Any], AbstractAsyncContextManager[Any]]


class AdapterHooks:
    """Derive a test class from a contract and define `create_app` and the three ``native_`` methods."""

    def create_app(self, **options: Any) -> AsgiApp:
        """Build an application with the ``create_app`` of the adapter under test.

        Args:
            options: What ``create_app`` takes: ``context``, ``lifespan``, ``extra_routes``, ...
        """
        raise NotImplementedError(f"{type(self).__name__} does not define create_app()")

    def native_response(
        self, text: str, *, status: int = 200, headers: Mapping[str, str] | None = None
    ) -> Any:
        """Make a plain text response of the HTTP framework below the adapter.

        Args:
            text: Its body.
            status: Its status.
            headers: Its further headers.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define native_response()")

    def native_stream(self, chunks: AsyncIterator[bytes], *, status: int = 200) -> Any:
        """Make a streaming response of the HTTP framework below the adapter.

        Args:
            chunks: The body; each part is sent as soon as it is there.
            status: Its status.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define native_stream()")

    def native_route(self, path: str, answer: Callable[[], Any], *, method: str = "GET") -> Any:
        """Make a route for ``extra_routes``.

        Args:
            path: The path; it may hold variables as ``{name}``.
            answer: Makes the response; what it raises is raised by the route.
            method: The HTTP method.
        """
        raise NotImplementedError(f"{type(self).__name__} does not define native_route()")

    def context_of(self, *beans: type, config: Mapping[str, Any] | None = None) -> ApplicationContext:
        """Make a context, not started, that holds the given beans.

        Args:
            beans: Bean classes.
            config: Settings as ``{key: value}``; keys may be dotted.
        """
        context = ApplicationContext(Config(nested(config or {})))
        for bean in beans:
            context.register_bean(bean)

        return context

    def refusal(self, **options: Any) -> RouteDefinitionError:
        """Return the error with which `create_app` refuses what it is given.

        Raises:
            AssertionError: It refuses nothing.
        """
        try:
            self.create_app(**options)
        except RouteDefinitionError as error:
            return error

        raise AssertionError("the application was built")

    def lifespan_of(self, context: ApplicationContext) -> Lifespan:
        """Make a lifespan that starts and stops a context."""

        @asynccontextmanager
        async def lifespan(app: Any) -> AsyncIterator[None]:
            await context.start()
            try:
                yield
            finally:
                await context.stop()

        return lifespan

    @asynccontextmanager
    async def serving(
        self, *beans: type, config: Mapping[str, Any] | None = None, **options: Any
    ) -> AsyncIterator[AsgiClient]:
        """Serve beans in an application whose lifespan starts and stops their context.

        Args:
            beans: Bean classes.
            config: Settings as ``{key: value}``; keys may be dotted.
            options: What ``create_app`` takes besides.
        """
        context = self.context_of(*beans, config=config)
        app = self.create_app(context=context, lifespan=self.lifespan_of(context), **options)
        async with running(app) as client:
            yield client


def nested(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Turn dotted keys into a tree of sections."""
    tree: dict[str, Any] = {}
    for key, value in settings.items():
        *sections, name = key.split(".")
        section = tree
        for part in sections:
            section = section.setdefault(part, {})

        section[name] = value

    return tree

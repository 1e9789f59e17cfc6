# SPDX-License-Identifier: Apache-2.0
"""An application below a path of another one, started and stopped with it."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send


def mount(outer: Starlette, path: str, app: Starlette, *, name: str | None = None) -> None:
    """Serve an application below a path of another one, and let it start and stop with that one.

    Starlette and FastAPI pass requests on to what is mounted, but never run its lifespan, which is what
    starts the context of an application of PyFly. Here the lifespan of ``app`` runs inside that of ``outer``:
    it starts after the outer one has started, and stops before the outer one stops. If it does not start, the
    server is told, and the outer one is stopped again. What it yields as state is seen by its own requests
    only.

    Args:
        outer: The application that the server runs; an application of FastAPI is one too.
        path: The path below which ``app`` is served, such as ``/api``; it may hold variables.
        app: The application that is mounted.
        name: A name for ``url_for``, which finds the routes of ``app`` as ``name:route``; without it, they
            are found by their own names.

    Raises:
        TypeError: One of the two is no application of Starlette's kind.
        ValueError: The path is no path, or an application is mounted into itself.
        RuntimeError: The outer application has started already.
    """
    for role, it in (("outer", outer), ("app", app)):
        if not isinstance(it, Starlette):
            raise TypeError(
                f"mount({role}=...) takes an application of Starlette or FastAPI, not {type(it).__name__}:"
                " other applications are mounted with outer.mount(), and start on their own"
            )

    if outer is app:
        raise ValueError("an application cannot be mounted into itself")

    if not path.startswith("/") or not path.strip("/"):
        raise ValueError(f"expected a path below which to mount, such as /api, got {path!r}")

    if outer.middleware_stack is not None:
        raise RuntimeError(
            f"{path} cannot be mounted: the outer application has started, and would not start this one too;"
            " mount it before"
        )

    mounted = _HostedMount(path, app, name)
    around = outer.router.lifespan_context

    @asynccontextmanager
    async def lifespan(application: Any) -> AsyncIterator[Any]:
        async with around(application) as state, mounted.running():
            yield state

    outer.router.lifespan_context = lifespan
    outer.router.routes.append(mounted)


class _HostedMount(Mount):
    """A mount that knows the state of the application's lifespan."""

    def __init__(self, path: str, app: Starlette, name: str | None) -> None:
        super().__init__(path, app, name=name)
        self._application = app
        self._state: Mapping[str, Any] = {}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run the lifespan of the application."""
        async with self._application.router.lifespan_context(self._application) as state:
            self._state = state or {}
            try:
                yield
            finally:
                self._state = {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._state:
            scope["state"] = {**scope.get("state", {}), **self._state}

        await super().handle(scope, receive, send)

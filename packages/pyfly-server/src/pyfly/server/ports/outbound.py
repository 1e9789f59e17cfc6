# SPDX-License-Identifier: Apache-2.0
"""The port behind which an ASGI server runs an application."""

from typing import Any, Protocol, runtime_checkable

from pyfly.server.types import ServerInfo


class ServerConfig(Protocol):
    """Name the settings that every server is started with; ``ServerProperties`` has them all.

    ``host`` (``"0.0.0.0"``), ``port`` (8000), ``granian`` and ``observability`` are read too where they
    exist.
    """

    workers: int
    event_loop: str
    http: str
    backlog: int
    graceful_timeout: int
    keep_alive_timeout: int
    ssl_certfile: str | None
    ssl_keyfile: str | None
    max_concurrent_connections: int | None
    max_requests_per_worker: int | None


@runtime_checkable
class ApplicationServerPort(Protocol):
    """Run an ASGI application on a socket.

    A setting that the server cannot honour is refused before anything starts. The address is bound before the
    application's lifespan starts. A stop lets requests in flight finish within ``graceful_timeout`` seconds
    and then runs the application's lifespan shutdown.
    """

    def serve(self, app: str | Any, config: Any) -> None:
        """Serve until SIGTERM or SIGINT; call it in the main thread.

        Args:
            app: An import string ``"package.module:attribute"``, or an ASGI application when one worker is
                enough.
            config: The settings, see `ServerConfig`.

        Raises:
            ServerStartError: A setting is refused or the address cannot be bound.
            SystemExit: With code 1 when the application did not start; its reason went to standard error.
        """
        ...

    async def serve_async(self, app: str | Any, config: Any) -> None:
        """Serve in the running event loop until `shutdown` is called or the awaiting task is cancelled.

        Args:
            app: An import string ``"package.module:attribute"``, or an ASGI application.
            config: The settings, see `ServerConfig`.

        Raises:
            ServerStartError: A setting is refused, the address cannot be bound, or the application did not
                start.
        """
        ...

    def shutdown(self) -> None:
        """Ask for a graceful stop and return at once; do nothing when the server does not run."""
        ...

    @property
    def server_info(self) -> ServerInfo:
        """Describe the server; the effective values are known from start on."""
        ...

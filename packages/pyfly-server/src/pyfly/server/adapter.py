# SPDX-License-Identifier: Apache-2.0
"""What the adapters of server libraries have in common: everything but the answering of connections."""

import asyncio
import os
import threading
import time
from abc import abstractmethod
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any, ClassVar

from pyfly.config.properties.server import DEFAULT_HOST, ServerProperties
from pyfly.server.active import ActiveServer, active_server, clear_active_server, set_active_server
from pyfly.server.asgi import Application
from pyfly.server.engine import EngineSettings, ServerEngine
from pyfly.server.exceptions import RefusedSettingError, ServerStartError
from pyfly.server.forwarded import TrustedProxies
from pyfly.server.import_string import load_application
from pyfly.server.listeners import BoundSockets, bind_sockets
from pyfly.server.plan import ServerPlan, plan_server
from pyfly.server.ports.outbound import ApplicationServerPort
from pyfly.server.ports.server_stats import ServerStats, ServerStatsPort
from pyfly.server.request_guard import guarded
from pyfly.server.server_log import log_started
from pyfly.server.session import ServingSession, SessionSettings
from pyfly.server.short_servers import refuse_settings_beyond_address
from pyfly.server.types import ServerInfo

__all__ = ["EngineServerAdapter"]


class EngineServerAdapter(ApplicationServerPort, ServerStatsPort):
    """Serve on an engine: in this process, in worker processes, or inside a running event loop.

    A subclass names its library and makes its engine. The library is imported when it is asked to serve.
    """

    name: ClassVar[str]
    """The name of the server, as ``pyfly.server.type`` takes it."""
    library: ClassVar[str]
    """The distribution and the module of its library."""
    passes_raw_values: ClassVar[bool] = False
    """Whether the library lets control characters and the like reach the application."""

    def __init__(self) -> None:
        self._info = ServerInfo(self.name, self._version(), 0, "unknown", "unknown", DEFAULT_HOST, 0)
        self._active: ActiveServer | None = None
        self._stop: Callable[[], None] | None = None
        self._since: float | None = None

    @abstractmethod
    def protocols(self, settings: EngineSettings) -> str:
        """Return what is offered (``"h1"``, ``"h1+h2"``, ...); refuse what the server cannot do.

        Raises:
            RefusedSettingError: The server cannot honour a setting.
        """

    @abstractmethod
    def create_engine(self, settings: EngineSettings) -> ServerEngine:
        """Import the library and make an engine; called in the process and the loop that serve."""

    @classmethod
    def is_available(cls) -> bool:
        """Tell whether the library is installed."""
        return find_spec(cls.library) is not None

    @property
    def server_info(self) -> ServerInfo:
        """Describe the server; the effective values are known from start on.

        An adapter that has not been started itself describes the server of its kind that runs in this
        process, if there is one.
        """
        running = active_server()
        if self._active is None and running is not None and running.info.name == self.name:
            return running.info

        return self._info

    def run(self, app: Any, host: str, port: int, **kwargs: Any) -> None:
        """Serve like `serve`.

        Args:
            app: An import string or an ASGI application.
            host: The address to bind.
            port: The TCP port to bind.
            kwargs: Further fields of ``ServerProperties``.
        """
        self.serve(app, ServerProperties(host=host, port=port, **kwargs))

    def check(self, config: Any) -> ServerPlan:
        """Check the settings as `serve` does, and start nothing.

        Raises:
            RefusedSettingError: A setting is wrong, or this server cannot honour it.
        """
        plan = plan_server(config, self.name)
        if "h3" in self.protocols(plan.engine) and (plan.workers > 1 or plan.max_requests is not None):
            raise RefusedSettingError(
                "pyfly.server.http",
                plan.engine.http,
                server=self.name,
                reason="worker processes cannot share connections of HTTP/3.",
                action="Use one worker without max-requests-per-worker, or pyfly.server.http: auto.",
            )

        return plan

    def serve(self, app: str | Any, config: Any) -> None:
        """Serve until SIGTERM or SIGINT.

        One worker is this process. Several, or one that is replaced after a number of requests, are processes
        that each import the application.

        Raises:
            ServerStartError: A setting is refused or the address cannot be bound.
            SystemExit: With code 1 when the application did not start; its reason went to standard error.
        """
        # Imported late: an application that only has the bean serves nothing.
        from pyfly.server.serving import serve_in_this_process
        from pyfly.server.supervisor.serving import serve_in_processes

        if threading.current_thread() is not threading.main_thread():
            raise ServerStartError(
                f"{self.name.title()} can only serve from the main thread.", "Use serve_async() elsewhere."
            )

        plan = self.check(config)
        if plan.workers == 1 and plan.max_requests is None:
            serve_in_this_process(self, app, plan, partial(_hand_over, config))
        elif isinstance(app, str):
            serve_in_processes(self, app, plan)
        else:
            setting = (
                ("workers", plan.workers)
                if plan.workers > 1
                else ("max-requests-per-worker", plan.max_requests)
            )
            raise RefusedSettingError(
                f"pyfly.server.{setting[0]}",
                setting[1],
                server=self.name,
                reason="an application object cannot be handed to worker processes.",
                action="Give an import string 'package.module:attribute', or use one worker.",
            )

    async def serve_async(self, app: str | Any, config: Any) -> None:
        """Serve in the running event loop until `shutdown` is called or the awaiting task is cancelled.

        There is one worker, on the loop that runs already. Signals are left alone.

        Raises:
            ServerStartError: A setting is refused, the address cannot be bound, or the application did not
                start.
        """
        plan = self.check(config)
        for name, value in (("workers", plan.workers), ("max-requests-per-worker", plan.max_requests)):
            if value not in (1, None) or (name != "workers" and value is not None):
                raise RefusedSettingError(
                    f"pyfly.server.{name}",
                    value,
                    server=self.name,
                    reason="inside a running event loop there is one worker, which stays.",
                    action="Remove it, or give serve() an import string.",
                )

        application = load_application(app) if isinstance(app, str) else app
        sockets = self.bind(plan)
        try:
            session = self.new_session(application, plan, sockets, on_started=lambda: log_started(self._info))
            self._stop = session.stop_soon
            await session.run()
        finally:
            self._stop = None
            self.on_serve_stop()
            sockets.close()

    def shutdown(self) -> None:
        """Ask for a graceful stop and return at once; do nothing when the server does not run."""
        if self._stop is not None:
            self._stop()

    def bind(self, plan: ServerPlan, *, event_loop: str = "unknown") -> BoundSockets:
        """Take the address, and know the effective values from here on.

        Args:
            plan: The settings.
            event_loop: The name of the event loop, where it is known already.

        Raises:
            AddressUnavailableError: The address cannot be bound.
        """
        protocols = self.protocols(plan.engine)
        sockets = bind_sockets(plan.host, plan.port, uds=plan.uds, quic="h3" in protocols)
        self._info = ServerInfo(
            name=self.name,
            version=self._version(),
            workers=plan.workers,
            event_loop=event_loop,
            http_protocol=protocols,
            host=sockets.host,
            port=sockets.port,
        )
        return sockets

    def new_session(
        self,
        application: Application,
        plan: ServerPlan,
        sockets: BoundSockets,
        *,
        on_started: Callable[[], None] = lambda: None,
        on_used_up: Callable[[], None] = lambda: None,
    ) -> ServingSession:
        """Make a session in the running event loop.

        Args:
            application: The application.
            plan: The settings.
            sockets: Where to serve.
            on_started: Called once the server serves.
            on_used_up: Called once the worker has answered as many requests as it may.
        """
        loop = type(asyncio.get_running_loop()).__module__.partition(".")[0]
        self._info = replace(self._info, event_loop=loop)
        if plan.trusted_proxies:
            application = TrustedProxies(application, plan.trusted_proxies)

        # Outermost: it looks at what the peer has sent.
        application = guarded(application, checks_values=self.passes_raw_values)

        def started() -> None:
            self.on_serve_start()
            on_started()

        settings = SessionSettings(plan.engine.backlog, plan.graceful_timeout, plan.max_requests)
        session = ServingSession(
            application,
            self.create_engine(plan.engine),
            sockets,
            settings,
            on_started=started,
            on_used_up=on_used_up,
        )
        self._active = ActiveServer(self._info, session)
        set_active_server(self._active)
        return session

    def sample(self) -> ServerStats | None:
        """Return what the server counts now, in this process."""
        running = self._active or active_server()
        if running is None or running.info.name != self.name:
            return ServerStats(1, 0.0, os.getpid())

        return ServerStats(
            workers=max(1, running.info.workers),
            server_uptime_seconds=time.monotonic() - running.since,
            worker_pid=os.getpid(),
            active_connections=running.session.engine.connections,
            total_requests=running.session.gate.requests,
        )

    def on_serve_start(self) -> None:
        """Begin to count the time that the server serves."""
        self._since = time.monotonic()

    def on_serve_stop(self) -> None:
        """Forget what has run."""
        self._since = None
        if self._active is not None:
            clear_active_server(self._active)
            self._active = None

    @classmethod
    def _version(cls) -> str:
        try:
            return version(cls.library)
        except PackageNotFoundError:
            return "unknown"


def _hand_over(config: Any, server: Any, application: Application) -> None:
    """Serve with the server that the application declares itself."""
    if hasattr(server, "serve"):
        server.serve(application, config)
        return

    refuse_settings_beyond_address(config, type(server).__name__)
    server.run(application, config.host, config.port)

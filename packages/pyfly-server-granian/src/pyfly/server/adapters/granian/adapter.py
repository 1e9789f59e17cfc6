# SPDX-License-Identifier: Apache-2.0
"""The server adapter of Granian."""

import asyncio
import contextlib
import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any

from pyfly.config.properties.server import DEFAULT_HOST, DEFAULT_PORT, ServerProperties
from pyfly.server.adapters.granian.embedded import EmbeddedServer
from pyfly.server.adapters.granian.properties import (
    HTTP_PROTOCOLS,
    SERVER,
    embedded_options,
    process_options,
    worker_count,
)
from pyfly.server.adapters.granian.respawn import RespawnPolicy, leave_worker_deaths_to_the_policy
from pyfly.server.adapters.granian.worker import WorkerApplication, log_started
from pyfly.server.address import ReservedAddress
from pyfly.server.event_loops import select_event_loop
from pyfly.server.exceptions import RefusedSettingError, ServerStartError
from pyfly.server.import_string import load_application
from pyfly.server.ports.outbound import ApplicationServerPort
from pyfly.server.types import ServerInfo

# Those that Granian takes over while it serves.
_SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK") if hasattr(signal, name)
)


class GranianServerAdapter(ApplicationServerPort):
    """Serve on Granian: worker processes from an import string, or inside a running event loop.

    Granian itself is imported when it is asked to serve.
    """

    def __init__(self) -> None:
        self._info = ServerInfo(SERVER, _granian_version(), 0, "unknown", "unknown", DEFAULT_HOST, 0)
        self._stop: Callable[[], None] | None = None

    @classmethod
    def is_available(cls) -> bool:
        """Tell whether Granian is installed."""
        return find_spec("granian") is not None

    @property
    def server_info(self) -> ServerInfo:
        """Describe the server; the effective values are known from start on."""
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

    def serve(self, app: str | Any, config: Any) -> None:
        """Serve until SIGTERM or SIGINT, with worker processes that each import the application.

        An application object is served by this process instead, since it cannot be handed to another.

        Raises:
            ServerStartError: A setting is refused or the address cannot be bound.
            SystemExit: With code 1 when the application did not start; its reason went to standard error.
        """
        if threading.current_thread() is not threading.main_thread():
            raise ServerStartError(
                "Granian can only serve from the main thread.", "Use serve_async() elsewhere."
            )

        event_loop = select_event_loop(str(config.event_loop), server=SERVER)
        if not isinstance(app, str):
            with _signal_handlers_kept(), asyncio.Runner(loop_factory=event_loop.loop_factory()) as runner:
                runner.run(self._serve_until_signal(app, config))

            return

        options = process_options(config, event_loop=event_loop.name)
        address = _reserve(config)
        try:
            with _signal_handlers_kept():
                self._serve_processes(app, config, address, options, event_loop.name)
        finally:
            self._stop = None
            address.release()

    async def serve_async(self, app: str | Any, config: Any) -> None:
        """Serve in the running event loop until `shutdown` is called or the awaiting task is cancelled.

        Granian calls this way of running experimental. There is one worker, on the loop that runs already.

        Raises:
            ServerStartError: A setting is refused, the address cannot be bound, or the application did not
                start.
        """
        options = embedded_options(config)
        if worker_count(config) > 1:
            raise RefusedSettingError(
                "pyfly.server.workers",
                config.workers,
                server=SERVER,
                reason="inside a running event loop there is one worker.",
                action="Use 1, or give serve() an import string.",
            )

        application = load_application(app) if isinstance(app, str) else app
        address = _reserve(config)
        loop = type(asyncio.get_running_loop()).__module__.partition(".")[0]
        self._info = self._effective_info(config, address, loop)
        try:
            server = EmbeddedServer(application, options, address, started=lambda: log_started(self._info))
            self._stop = server.stop
            await server.serve(graceful_timeout=config.graceful_timeout)
        finally:
            self._stop = None
            address.release()

    def shutdown(self) -> None:
        """Ask for a graceful stop and return at once; do nothing when the server does not run."""
        if self._stop is not None:
            self._stop()

    def _serve_processes(
        self, app: str, config: Any, address: ReservedAddress, options: dict[str, Any], event_loop: str
    ) -> None:
        import granian

        info = self._info = self._effective_info(config, address, event_loop)
        tuning = getattr(config, "granian", None)
        respawn = RespawnPolicy(enabled=tuning is None or tuning.respawn_failed_workers)
        server = granian.Granian(
            target=app,
            address=address.host,
            port=address.port,
            respawn_failed_workers=respawn,  # type: ignore[arg-type]  # Granian asks for its truth at each death
            **options,
        )
        respawn.workers = server.wrks
        leave_worker_deaths_to_the_policy()
        self._stop = server.signal_handler_interrupt
        worker = WorkerApplication(app, info, _start_context().Value("i", 0))
        try:
            server.serve(target_loader=worker, wrap_loader=False)
        except SystemExit:
            # On Ctrl-C the workers get the signal too. One that ends before its supervisor looks counts as
            # crashed.
            if not server.interrupt_signal:
                raise

    async def _serve_until_signal(self, app: Any, config: Any) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            # Windows has no such handlers: Ctrl-C cancels this task instead, which stops as gracefully.
            with contextlib.suppress(NotImplementedError):
                loop.add_signal_handler(number, self.shutdown)

        await self.serve_async(app, config)

    def _effective_info(self, config: Any, address: ReservedAddress, event_loop: str) -> ServerInfo:
        return ServerInfo(
            name=SERVER,
            version=_granian_version(),
            workers=worker_count(config),
            event_loop=event_loop,
            http_protocol=HTTP_PROTOCOLS[str(config.http)],
            host=address.host,
            port=address.port,
        )


@contextlib.contextmanager
def _signal_handlers_kept() -> Iterator[None]:
    handlers = {number: signal.getsignal(number) for number in _SIGNALS}
    try:
        yield
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


def _reserve(config: Any) -> ReservedAddress:
    return ReservedAddress(getattr(config, "host", DEFAULT_HOST), int(getattr(config, "port", DEFAULT_PORT)))


def _start_context() -> "multiprocessing.context.BaseContext":
    # The same choice as Granian's: what its workers share must come from the way they are started.
    method = multiprocessing.get_start_method()
    return multiprocessing.get_context(method if method in {"fork", "spawn"} else "spawn")


def _granian_version() -> str:
    try:
        return version("granian")
    except PackageNotFoundError:
        return "unknown"

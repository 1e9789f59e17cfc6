# SPDX-License-Identifier: Apache-2.0
"""Granian at work in a running event loop.

Granian's own servers bind, fork and hear signals themselves. This engine makes the worker in the heart of
them, the one that Granian's processes run, and gives it sockets that are bound already. The parts it is made
of are not documented: the version of Granian is pinned to the ones that have them.
"""

import asyncio
import logging
import os
import socket
import sys
from collections.abc import MutableMapping
from typing import Any, Final

from granian import _futures, _granian, asgi
from granian.constants import HTTPModes, SSLProtocols
from granian.http import HTTP1Settings, HTTP2Settings
from granian.log import DEFAULT_ACCESSLOG_FMT

from pyfly.logging.structured_logger import StructuredLogger
from pyfly.server.adapters.granian.unsent_data import has_unsent_data
from pyfly.server.asgi import Application
from pyfly.server.engine import EngineSettings, ServerSockets
from pyfly.server.tls import TlsSettings

__all__ = ["GranianEngine"]

# Their annotations are behind, or missing.
_ASGI: Any = asgi
_FUTURES: Any = _futures
_GRANIAN: Any = _granian

_BLOCKING_THREADS: Final = 512
_LOOK: Final = 0.25
_IDLE: Final = 1.0
"""Seconds without a request in flight or a byte to send after which connections are not waited for."""
_LARGEST_HEAD: Final = 64 * 1024
_NO_LIMIT: Final = 1_000_000
"""Connections at once, where no limit is set. Granian's own default would be deaf after 1,024."""
_PYTHON_THREAD_IDLE: Final = 30
_SHORTEST_CUT: Final = 0.1
_LONGEST_CUT: Final = 1.0
"""Seconds in which cancelled requests come to their end."""

_logger: Final = StructuredLogger(logging.getLogger("pyfly.server"))


class GranianEngine:
    """Answer connections with Granian.

    Args:
        settings: How.
    """

    def __init__(self, settings: EngineSettings) -> None:
        self._settings = settings
        self._signal = _GRANIAN.WorkerSignal()
        self._ended: list[asyncio.Future[None]] = []
        self._listener: socket.socket | None = None
        self._descriptor = -1
        self._address: object = None

    async def start(self, app: Application, state: MutableMapping[str, Any], sockets: ServerSockets) -> None:
        """Accept connections from now on."""
        logging.getLogger("_granian").setLevel(logging.WARNING)
        access_log = None
        if self._settings.access_log:
            logging.getLogger("granian.access").setLevel(logging.INFO)
            access_log = DEFAULT_ACCESSLOG_FMT

        loop = asyncio.get_running_loop()
        ended: asyncio.Future[None] = loop.create_future()

        def end() -> None:
            if not ended.done():
                ended.set_result(None)

        self._signal.add_cb(lambda: loop.call_soon_threadsafe(end))
        self._ended.append(ended)
        answer = _FUTURES._future_watcher_wrapper(_ASGI._callback_wrapper(app, {}, state, access_log))
        (listener,) = sockets.stream
        is_unix = listener.family.name == "AF_UNIX"
        # Granian closes the descriptor that it is given.
        self._descriptor = os.dup(listener.fileno())
        self._listener = listener
        self._address = listener.getsockname()
        worker = self._worker(_GRANIAN.SocketHolder(self._descriptor, is_unix, self._settings.backlog))
        mode = "str" if self._settings.granian.runtime_mode == "st" else "mtr"
        serve = getattr(worker, f"serve_{mode}_uds" if is_unix else f"serve_{mode}")
        serve(_FUTURES._new_cbscheduler(loop, answer, impl_asyncio=True), loop, self._signal)

    def stop_accepting(self) -> None:
        """Accept no more; connections stay.

        Granian itself would close connections that it has just accepted, with the requests on their way. So
        its descriptor is made to mean a socket that nobody can connect to.
        """
        if self._listener is None:
            return

        with _unknown_listener() as nobody:
            os.dup2(nobody.fileno(), self._descriptor, inheritable=False)

        self._listener.close()
        self._listener = None

    async def finish(self, timeout: float) -> None:
        """Stop accepting, close idle connections, and let answers complete.

        Connections whose clients do not read cannot be cut from here; they end with the process.
        """
        if not self._ended:
            return

        self._signal.set()
        to_cut = min(_LONGEST_CUT, timeout / 4)
        if await self._is_done_within(timeout - to_cut):
            return

        cut = self._cut_requests()
        if not await self._has_ended(max(to_cut, _SHORTEST_CUT) if cut else _SHORTEST_CUT):
            _logger.warning("connections_not_closed", server="granian")

    @property
    def connections(self) -> None:
        """None: Granian does not tell."""
        return None

    @property
    def requests(self) -> None:
        """None: Granian does not tell."""
        return None

    def _cut_requests(self) -> int:
        tasks = self._requests_in_flight()
        # That they do not come to their end is no failure of the application.
        logging.getLogger("_granian.utils").addFilter(_is_no_failed_request)
        for task in tasks:
            task.cancel()

        if tasks:
            _logger.warning("requests_cut", count=len(tasks))

        return len(tasks)

    async def _is_done_within(self, timeout: float) -> bool:
        """Wait for the end of all connections, but not for clients that have nothing to come.

        Granian waits for the rest of requests that were begun, and for answers to pings of HTTP/2, for ever.
        """
        loop = asyncio.get_running_loop()
        end, idle_since = loop.time() + timeout, None
        while (now := loop.time()) < end:
            if await self._has_ended(min(_LOOK, end - now)):
                return True

            if self._requests_in_flight() or has_unsent_data(self._address):
                idle_since = None
            elif idle_since is None:
                idle_since = now
            elif now - idle_since >= _IDLE:
                return False

        return False

    async def _has_ended(self, timeout: float) -> bool:
        # Granian forgets WebSockets when it ends: it lets go of them with their handlers at work.
        requests = self._requests_in_flight()
        _, remaining = await asyncio.wait([*self._ended, *requests], timeout=timeout)
        return not (remaining or self._requests_in_flight())

    @staticmethod
    def _requests_in_flight() -> "list[asyncio.Task[Any]]":
        return [
            it for it in asyncio.all_tasks() if getattr(it.get_coro(), "__name__", "") == "future_watcher"
        ]

    def _worker(self, holder: Any) -> Any:
        settings, tuning = self._settings, self._settings.granian
        limits = [tuning.backpressure, settings.max_concurrent_connections]
        return _GRANIAN.ASGIWorker(
            1,
            (None, holder),
            None,
            tuning.runtime_threads,
            _BLOCKING_THREADS,
            1,
            _PYTHON_THREAD_IDLE,
            min((limit for limit in limits if limit is not None), default=_NO_LIMIT),
            HTTPModes(settings.http),
            _http1(settings),
            HTTP2Settings(),
            settings.http != "2",
            None,
            *_tls(settings.tls),
            (None, None),
        )


def _unknown_listener() -> socket.socket:
    """Return a socket that listens where nobody looks."""
    if sys.platform != "linux":
        return socket.create_server(("127.0.0.1", 0), backlog=1)

    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    # The system gives it a name of its own, which is no file.
    listener.bind("")
    listener.listen(1)
    listener.setblocking(False)
    return listener


def _is_no_failed_request(record: logging.LogRecord) -> bool:
    return not str(record.msg).startswith("Application callable raised")


def _http1(settings: EngineSettings) -> HTTP1Settings:
    # Granian's limit for reading the next request's head closes idle connections too.
    timeout = settings.keep_alive_timeout or settings.head_timeout or 0
    return HTTP1Settings(
        header_read_timeout=int(timeout * 1000),
        keep_alive=settings.keep_alive_timeout > 0,
        max_buffer_size=_LARGEST_HEAD,
    )


def _tls(tls: TlsSettings | None) -> tuple[object, ...]:
    if tls is None:
        return (False, None, None, None, str(SSLProtocols.tls12), None, [], False)

    oldest = SSLProtocols.tls13 if tls.minimum_version.name == "TLSv1_3" else SSLProtocols.tls12
    return (
        True,
        str(tls.certificate.resolve()),
        str(tls.key.resolve()),
        tls.password,
        str(oldest),
        None if tls.authorities is None else str(tls.authorities.resolve()),
        [],
        tls.client_auth == "need",
    )

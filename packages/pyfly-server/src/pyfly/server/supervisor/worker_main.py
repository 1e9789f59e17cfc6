# SPDX-License-Identifier: Apache-2.0
"""What a worker process does."""

import asyncio
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread

from pyfly.config.shared_reading import discard
from pyfly.logging.selection import release_logging
from pyfly.server.asgi import Application
from pyfly.server.collector_pause import CollectorPause
from pyfly.server.event_loops import select_event_loop
from pyfly.server.exceptions import RefusedSettingError
from pyfly.server.import_string import load_application
from pyfly.server.listeners import BoundSockets
from pyfly.server.own_beans import own_event_loop, own_server
from pyfly.server.plan import ServerPlan
from pyfly.server.server_log import make_server_logs_visible
from pyfly.server.serving import start_report
from pyfly.server.session import ServingSession
from pyfly.server.session_source import SessionSource
from pyfly.server.stop_signals import STOP_SIGNALS, StopSignals
from pyfly.server.supervisor.messages import (
    FAILED,
    FORCE,
    LEAVE,
    MAKE_WAY,
    READY,
    USED_UP,
    MessageReader,
    send_message,
)

__all__ = ["WorkerTask", "run_worker"]


@dataclass(frozen=True, slots=True)
class WorkerTask:
    """Tell a worker process what to serve; it can be pickled.

    Attributes:
        adapter: The server.
        application: The import string.
        plan: The settings.
        shared_libraries: Packages that the supervisor imports too once a worker serves, for workers to come:
            a fork has them at once.
    """

    adapter: SessionSource
    application: str
    plan: ServerPlan
    shared_libraries: tuple[str, ...] = ()


def run_worker(
    task: WorkerTask,
    sockets: BoundSockets,
    channel: socket.socket,
    path: list[str],
    inherited: Sequence[socket.socket] = (),
) -> None:
    """Serve until the supervisor asks for a stop, or is gone; the target of a process.

    Args:
        task: What to serve.
        sockets: Where, shared with the supervisor.
        channel: To the supervisor.
        path: ``sys.path`` of the supervisor.
        inherited: What a fork has brought along and is not for this process.
    """
    for other in inherited:
        other.close()

    stop = StopSignals(task.plan.graceful_timeout, forces=False)
    _take_signals(stop)
    sys.path[:] = path
    # A forked worker has the supervisor's logging too; its own is for the application to set up.
    release_logging()
    pause = CollectorPause()
    pause.begin()
    selected = select_event_loop(task.plan.event_loop, server=task.adapter.server_info.name)
    try:
        application = load_application(task.application)
        # From here on the application reads its configuration for itself.
        discard()
        _refuse_own_server(application, task.plan)
        new_loop = own_event_loop(application) or selected.loop_factory()
    except Exception as error:
        _fail(channel, error)

    make_server_logs_visible()

    def started() -> None:
        pause.end()
        of_libraries = [name for name in sys.modules if name.partition(".")[0] in task.shared_libraries]
        send_message(channel, READY, modules=" ".join(of_libraries))

    async def serve() -> None:
        session = task.adapter.new_session(
            application,
            task.plan,
            sockets,
            on_started=started,
            on_used_up=lambda: send_message(channel, USED_UP),
        )
        stop.attach(session)
        _listen_to_supervisor(channel, session, stop)
        await session.run()

    try:
        with asyncio.Runner(loop_factory=new_loop) as runner:
            runner.run(serve())
    except Exception as error:
        _fail(channel, error)


def _refuse_own_server(application: Application, plan: ServerPlan) -> None:
    own = own_server(application)
    if own is not None:
        name = type(own).__name__
        raise RefusedSettingError(
            "pyfly.server.workers",
            plan.workers,
            server=name,
            reason=f"the application has a server of its own, {name}, which serves in one process.",
            action="Use one worker, or offer the server in entry-point group pyfly.servers instead.",
        )


def _take_signals(stop: StopSignals) -> None:
    signal.set_wakeup_fd(-1)
    for number in STOP_SIGNALS:
        signal.signal(number, stop.handle)

    # A terminal sends it to every process; the supervisor passes it on.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _listen_to_supervisor(channel: socket.socket, session: ServingSession, stop: StopSignals) -> None:
    """Hear the supervisor in a thread: it is heard even while the event loop is blocked."""
    loop = asyncio.get_running_loop()

    orders: dict[str, Callable[[], None]] = {
        LEAVE: lambda: session.stop(others_go_on=True),
        MAKE_WAY: lambda: session.stop(others_go_on=True, at_once=True),
        FORCE: session.force,
    }

    def do(order: Callable[[], None]) -> None:
        stop.watch_end()
        # The loop may have ended by now.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(order)

    def listen() -> None:
        reader = MessageReader(channel)
        channel.settimeout(None)
        while (messages := reader.read()) is not None:
            for message in messages:
                do(orders[message["kind"]])

        # Nobody looks after this worker any longer.
        do(session.stop)

    Thread(target=listen, name="pyfly-supervisor-channel", daemon=True).start()


def _fail(channel: socket.socket, error: Exception) -> None:
    send_message(channel, FAILED, report=start_report(error))
    sys.exit(1)

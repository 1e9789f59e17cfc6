# SPDX-License-Identifier: Apache-2.0
"""Serve with worker processes until a signal comes."""

import sys

from pyfly.server.event_loops import select_event_loop
from pyfly.server.plan import ServerPlan
from pyfly.server.server_log import log_started
from pyfly.server.session_source import SessionSource
from pyfly.server.supervisor.supervisor import Changes, Supervisor
from pyfly.server.supervisor.worker_main import WorkerTask

__all__ = ["serve_in_processes"]


def serve_in_processes(
    adapter: SessionSource,
    app: str,
    plan: ServerPlan,
    changes: Changes | None = None,
    shared_libraries: tuple[str, ...] = (),
) -> None:
    """Serve with worker processes that each import the application.

    Args:
        adapter: The server.
        app: Where the application is.
        plan: The settings.
        changes: Tells when to start the workers anew; None for never.
        shared_libraries: Packages that workers to come need not import again, where they are forked.

    Raises:
        ServerStartError: The event loop is refused, or the address cannot be bound.
        WorkersDieError: Workers die again and again.
        SystemExit: With code 1 when the application did not start; its reason went to standard error.
    """
    event_loop = select_event_loop(plan.event_loop, server=adapter.server_info.name)
    sockets = adapter.bind(plan, event_loop=event_loop.name)
    try:
        supervisor = Supervisor(
            WorkerTask(adapter, app, plan, shared_libraries if sys.platform == "linux" else ()),
            sockets,
            on_started=lambda: log_started(adapter.server_info),
            changes=changes,
        )
        supervisor.run()
    finally:
        adapter.on_serve_stop()
        sockets.close()

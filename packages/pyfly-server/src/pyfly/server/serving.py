# SPDX-License-Identifier: Apache-2.0
"""Serve with one worker, which is this process, until a signal comes."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from typing import NoReturn

from pyfly.config.conversion import parse_bool
from pyfly.config.shared_reading import discard
from pyfly.server.asgi import Application
from pyfly.server.collector_pause import CollectorPause
from pyfly.server.event_loops import select_event_loop
from pyfly.server.exceptions import ApplicationStartupError
from pyfly.server.failure_report import report_failure
from pyfly.server.import_string import load_application
from pyfly.server.own_beans import own_event_loop, own_server
from pyfly.server.plan import ServerPlan
from pyfly.server.server_log import log_started, make_server_logs_visible
from pyfly.server.session_source import SessionSource
from pyfly.server.stop_signals import STOP_SIGNALS, StopSignals, handlers_kept

__all__ = ["end_with_report", "serve_in_this_process", "start_report"]


def serve_in_this_process(
    adapter: SessionSource,
    app: str | Application,
    plan: ServerPlan,
    hand_over: Callable[[object, Application], None],
) -> None:
    """Serve with one worker, which is this process.

    Args:
        adapter: The server.
        app: The application, or where it is.
        plan: The settings.
        hand_over: Serves with the server that the application declares itself, if it does.

    Raises:
        ServerStartError: The event loop is refused, or the address cannot be bound.
        SystemExit: With code 1 when the application did not start; its reason went to standard error.
    """
    selected = select_event_loop(plan.event_loop, server=adapter.server_info.name)
    sockets = adapter.bind(plan)
    stop = StopSignals(plan.graceful_timeout, clean_up=sockets.close)
    pause = CollectorPause()
    try:
        with handlers_kept():
            for number in STOP_SIGNALS:
                signal.signal(number, stop.handle)

            pause.begin()
            application = load_application(app) if isinstance(app, str) else app
            # From here on the application reads its configuration for itself.
            discard()
            own = own_server(application) if isinstance(app, str) else None
            if own is None:
                make_server_logs_visible()

                def started() -> None:
                    pause.end()
                    log_started(adapter.server_info)

                async def serve() -> None:
                    session = adapter.new_session(application, plan, sockets, on_started=started)
                    stop.attach(session)
                    await session.run()

                new_loop = own_event_loop(application) or selected.loop_factory()
                with asyncio.Runner(loop_factory=new_loop) as runner:
                    runner.run(serve())

            stop.release()
    except ApplicationStartupError as error:
        end_with_report(error)
    finally:
        pause.end()
        adapter.on_serve_stop()
        sockets.close()

    if own is not None:
        hand_over(own, application)


def end_with_report(error: Exception) -> NoReturn:
    """Tell on standard error why the application did not start, and end with exit code 1."""
    sys.stderr.write(start_report(error))
    sys.stderr.flush()
    sys.exit(1)


def start_report(error: Exception) -> str:
    """Return why the application did not start, in its own words where it has some."""
    debug = parse_bool(os.environ.get("PYFLY_DEBUG") or "false")
    if not isinstance(error, ApplicationStartupError):
        return report_failure(error, debug=debug)

    cause = error.__cause__ if error.__cause__ is not None else error
    if error.report is None:
        return report_failure(cause, debug=debug)

    return (report_failure(cause, debug=True) if debug else "") + error.report

# SPDX-License-Identifier: Apache-2.0
"""How a worker hears of a stop."""

import asyncio
import signal
import sys

from pyfly.server.before_stop import BeforeStop


def stop_once_on_sigterm(before_stop: BeforeStop) -> None:
    """Pass exactly one stop on to Granian; call it in the worker's event loop.

    Granian's worker hangs when it is signalled twice, as Ctrl-C in a terminal does (once by the terminal,
    once by the supervisor). And uvloop loses a signal that comes between the run for the lifespan and the
    run that serves. So SIGTERM, which the supervisor sends, is taken here and handed to Granian once, as the
    SIGINT that it listens to as well; other SIGINTs are ignored.

    Args:
        before_stop: What is awaited in between: Granian cuts WebSockets as soon as it hears of the stop.
    """
    if sys.platform == "win32":
        return

    loop = asyncio.get_running_loop()
    stopping: asyncio.Task[None] | None = None

    def stop() -> None:
        nonlocal stopping
        if stopping is None:
            stopping = loop.create_task(before_stop.run())
            stopping.add_done_callback(pass_on)

    def pass_on(_done: object) -> None:
        signal.signal(signal.SIGINT, _nothing)
        signal.raise_signal(signal.SIGINT)
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    def stop_soon(_number: int, _frame: object) -> None:
        loop.call_soon_threadsafe(stop)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    loop.add_signal_handler(signal.SIGTERM, stop)
    # The loop's own handler is deaf while the loop does not run; this one is not.
    signal.signal(signal.SIGTERM, stop_soon)


def _nothing(_number: int, _frame: object) -> None:
    """Let the signal reach the loop, and do nothing else."""

# SPDX-License-Identifier: Apache-2.0
"""A worker process, as its supervisor sees it."""

import multiprocessing
import signal
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.process import BaseProcess

from pyfly.server.listeners import BoundSockets
from pyfly.server.supervisor.messages import FORCE, LEAVE, MAKE_WAY, MessageReader, send_message
from pyfly.server.supervisor.worker_main import WorkerTask, run_worker

__all__ = ["Worker"]


class Worker:
    """Hold one worker process.

    Attributes:
        number: Its place among the workers, from 1 on.
        replaces: The worker that leaves as soon as this one serves.
        is_ready: Whether it serves.
        is_leaving: Whether it was asked to stop.
        failure: Why its application did not start; None as long as it has not failed.
        channel: What it says comes here.
    """

    def __init__(
        self,
        number: int,
        task: WorkerTask,
        sockets: BoundSockets,
        replaces: "Worker | None" = None,
        *,
        not_for_it: Sequence[socket.socket] = (),
    ) -> None:
        """Start the process.

        Args:
            number: Its place among the workers.
            task: What it serves.
            sockets: Where.
            replaces: The worker that leaves as soon as this one serves.
            not_for_it: What a fork would inherit and is not to hold: the channels of other workers.
        """
        self.number = number
        self.replaces = replaces
        self.is_ready = False
        self.is_leaving = False
        self.failure: str | None = None
        self.kill_at: float | None = None
        self._graceful_timeout = task.plan.graceful_timeout
        self.channel, far_end = socket.socketpair()
        self.reader = MessageReader(self.channel)
        forks = sys.platform == "linux"
        inherited = (*not_for_it, self.channel) if forks else ()
        new_process = _fork_context().Process if forks else multiprocessing.get_context("spawn").Process
        self._process: BaseProcess = new_process(
            target=run_worker,
            args=(task, sockets, far_end, list(sys.path), inherited),
            name=f"pyfly-worker-{number}",
        )
        with _signals_held():
            self._process.start()

        far_end.close()

    @property
    def pid(self) -> int:
        """The id of the process."""
        return self._process.pid or 0

    @property
    def sentinel(self) -> int:
        """What becomes readable when the process ends."""
        return self._process.sentinel

    def await_end(self) -> int:
        """Wait for the end of a process that is about to end; return its exit code, negative for a signal."""
        self._process.join()
        return self._process.exitcode or 0

    def leave(self) -> None:
        """Ask it to stop while others go on."""
        self._expect_end()
        send_message(self.channel, LEAVE)
        if not self.is_ready:
            self._process.terminate()

    def make_way(self) -> None:
        """Ask it to stop soon, for others that start after it."""
        self._expect_end()
        send_message(self.channel, MAKE_WAY)
        if not self.is_ready:
            self._process.terminate()

    def stop(self) -> None:
        """Ask it to stop, as all others."""
        self._expect_end()
        self._process.terminate()

    def force(self) -> None:
        """Ask it to stop without waiting for its requests."""
        self._expect_end()
        send_message(self.channel, FORCE)

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()

    def close(self) -> None:
        """Release what is held for a process that has ended."""
        self._process.close()
        self.channel.close()

    def _expect_end(self) -> None:
        self.is_leaving = True
        if self.kill_at is None:
            self.kill_at = time.monotonic() + self._graceful_timeout


def _fork_context() -> "multiprocessing.context.ForkContext":
    return multiprocessing.get_context("fork")


@contextmanager
def _signals_held() -> Iterator[None]:
    """Hold signals until the new process has its own handlers; it would pass them to its parent's."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return

    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM, signal.SIGINT, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)

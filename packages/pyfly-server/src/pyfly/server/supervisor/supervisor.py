# SPDX-License-Identifier: Apache-2.0
"""Look after worker processes from their start to their end."""

import logging
import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from types import FrameType
from typing import Final, Protocol

from pyfly.config.shared_reading import discard
from pyfly.logging.structured_logger import StructuredLogger
from pyfly.server.exceptions import WorkersDieError
from pyfly.server.listeners import BoundSockets
from pyfly.server.stop_signals import STOP_SIGNALS, handlers_kept
from pyfly.server.supervisor.messages import FAILED, READY, USED_UP
from pyfly.server.supervisor.restart_limit import RESTART_WINDOW, RESTARTS, RestartLimit
from pyfly.server.supervisor.worker import Worker
from pyfly.server.supervisor.worker_main import WorkerTask

__all__ = ["Changes", "Supervisor"]

_HANG_UP: Final = getattr(signal, "SIGHUP", None)

_logger: Final = StructuredLogger(logging.getLogger("pyfly.server"))


class Changes(Protocol):
    """Tells that the workers are to be started anew, since what they run has changed."""

    def fileno(self) -> int:
        """Return the descriptor that becomes readable after a change."""
        ...

    def take(self) -> str | None:
        """Read the descriptor; return what has changed, or None if nothing is to be done about it."""
        ...


class Supervisor:
    """Keep a number of workers alive until a signal comes.

    SIGTERM and SIGINT stop all of them gracefully, a second one forces, a third one kills. SIGHUP replaces
    them one by one. A worker that is replaced leaves when the new one serves. A worker that dies is replaced,
    within limits. When an application does not start in the first place, the service ends.

    Args:
        task: What the workers serve.
        sockets: Where; the supervisor holds them for workers to come.
        on_started: Called once all workers serve for the first time.
        changes: Tells when to start all workers anew; None for never. With it a worker that does not start,
            or dies, is not replaced before the next change.
    """

    def __init__(
        self,
        task: WorkerTask,
        sockets: BoundSockets,
        *,
        on_started: Callable[[], None],
        changes: Changes | None = None,
    ) -> None:
        self._task = task
        self._sockets = sockets
        self._on_started = on_started
        self._changes = changes
        self._selector = selectors.DefaultSelector()
        self._workers: list[Worker] = []
        self._limit = RestartLimit()
        self._stops = 0
        self._started = False
        self._to_replace: list[Worker] = []
        self._due: list[tuple[float, int]] = []
        self._starts_anew = False
        self._failure: Exception | None = None

    def run(self) -> None:
        """Start the workers and look after them until all have ended.

        Raises:
            WorkersDieError: Workers die again and again.
            SystemExit: With code 1 when the application did not start; its reason went to standard error.
        """
        with handlers_kept(), self._signals():
            if self._changes is not None:
                self._selector.register(self._changes, selectors.EVENT_READ, ("changes", None))

            for number in range(1, self._task.plan.workers + 1):
                self._spawn(number)

            try:
                while self._workers or self._due or (self._changes is not None and not self._stops):
                    self._step()
            finally:
                for worker in self._workers:
                    worker.kill()

        self._selector.close()
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        """Ask all workers to stop; again, force them, and a third time, kill them. From a signal handler."""
        self._stops += 1
        if self._stops == 1:
            self._due.clear()
            self._to_replace.clear()
            for worker in self._workers:
                worker.stop()

            self._sockets.withdraw()
            # A client is refused as soon as no process has the sockets any longer.
            self._sockets.close()
        else:
            for worker in self._workers:
                worker.force() if self._stops == 2 else worker.kill()

    def replace_all(self) -> None:
        """Replace all workers, one by one."""
        waiting = {id(worker) for worker in self._to_replace}
        self._to_replace += [it for it in self._workers if not it.is_leaving and id(it) not in waiting]

    def _step(self) -> None:
        for key, _ in self._selector.select(self._wait()):
            what, worker = key.data
            if what == "wakeup":
                self._hear_signals()
            elif what == "changes":
                self._hear_change()
            elif worker in self._workers:
                self._hear(worker) if what == "channel" else self._bury(worker)

        now = time.monotonic()
        for worker in self._workers:
            if worker.kill_at is not None and now >= worker.kill_at:
                _logger.error("worker_killed", worker=worker.number, pid=worker.pid)
                worker.kill_at = None
                worker.kill()

        if self._starts_anew and not self._workers and not self._stops:
            self._starts_anew = False
            self._due = [(now, number) for number in range(1, self._task.plan.workers + 1)]

        for due in [due for due in self._due if due[0] <= now]:
            self._due.remove(due)
            self._spawn(due[1])

        self._replace_next()

    def _wait(self) -> float | None:
        times = [worker.kill_at for worker in self._workers if worker.kill_at is not None]
        times += [due for due, _ in self._due]
        return max(0.0, min(times) - time.monotonic()) if times else None

    def _spawn(self, number: int, replaces: Worker | None = None) -> None:
        others = [other.channel for other in self._workers]
        worker = Worker(number, self._task, self._sockets, replaces, not_for_it=others)
        self._workers.append(worker)
        self._selector.register(worker.channel, selectors.EVENT_READ, ("channel", worker))
        self._selector.register(worker.sentinel, selectors.EVENT_READ, ("sentinel", worker))

    def _replace_next(self) -> None:
        # One at a time: the next one comes when the new worker serves or has failed.
        if self._to_replace and not any(it.replaces is not None and not it.is_ready for it in self._workers):
            old = self._to_replace.pop(0)
            if old in self._workers and not old.is_leaving:
                self._spawn(old.number, replaces=old)

    def _hear(self, worker: Worker) -> None:
        messages = worker.reader.read()
        if messages is None:
            self._selector.unregister(worker.channel)
            return

        for message in messages:
            if message["kind"] == READY:
                self._take_in(worker)
                _import_all(message["modules"].split())
            elif message["kind"] == FAILED:
                worker.failure = message["report"]
            elif message["kind"] == USED_UP and worker not in self._to_replace and not worker.is_leaving:
                self._to_replace.append(worker)

    def _take_in(self, worker: Worker) -> None:
        worker.is_ready = True
        if worker.replaces is not None and worker.replaces in self._workers:
            worker.replaces.leave()

        serving = sum(it.is_ready and not it.is_leaving for it in self._workers)
        if not self._started and serving == self._task.plan.workers:
            self._started = True
            # Workers to come read what is there then.
            discard()
            self._on_started()

    def _bury(self, worker: Worker) -> None:
        if worker.channel in self._selector.get_map():
            self._hear_rest(worker)

        self._selector.unregister(worker.sentinel)
        if worker.channel in self._selector.get_map():
            self._selector.unregister(worker.channel)

        self._workers.remove(worker)
        code, pid = worker.await_end(), worker.pid
        worker.close()
        if self._stops or (worker.is_leaving and worker.failure is None):
            return

        if worker.failure is not None:
            self._tell(worker.failure)
        else:
            _logger.error("worker_died", worker=worker.number, pid=pid, exit_code=code)

        if worker.replaces is not None and worker.replaces in self._workers:
            _logger.error("worker_not_replaced", worker=worker.number)
        elif self._changes is None:
            self._replace_dead(worker, code)

    def _hear_rest(self, worker: Worker) -> None:
        worker.channel.setblocking(False)
        self._hear(worker)

    def _replace_dead(self, worker: Worker, code: int) -> None:
        if not self._started:
            reason = f"it ended with {_ending(code)} before it served"
            self._give_up(None if worker.failure is not None else WorkersDieError(worker.number, reason))
        elif not self._task.plan.respawns:
            reason = f"it ended with {_ending(code)}, and pyfly.server.granian.respawn-failed-workers is off"
            self._give_up(WorkersDieError(worker.number, reason))
        elif (delay := self._limit.delay()) is None:
            reason = f"it ended with {_ending(code)}, and {RESTARTS} others within {RESTART_WINDOW:g} seconds"
            self._give_up(WorkersDieError(worker.number, reason))
        else:
            self._due.append((time.monotonic() + delay, worker.number))

    def _give_up(self, failure: Exception | None) -> None:
        if self._failure is None:
            self._failure = failure if failure is not None else SystemExit(1)  # type: ignore[assignment]

        if not self._stops:
            self.stop()

    def _tell(self, report: str) -> None:
        sys.stderr.write(report)
        sys.stderr.flush()

    def _hear_change(self) -> None:
        assert self._changes is not None
        change = self._changes.take()
        if change is None:
            return

        # What is in use by one worker, a port or a file, the next one may need: the old ones end first.
        _logger.info("reloading", changed=change)
        discard()
        self._starts_anew = not self._stops
        for worker in self._workers:
            if not worker.is_leaving:
                worker.make_way()

    @contextmanager
    def _signals(self) -> Iterator[None]:
        receiver, sender = socket.socketpair()
        with receiver, sender:
            receiver.setblocking(False)
            sender.setblocking(False)
            before = signal.set_wakeup_fd(sender.fileno(), warn_on_full_buffer=False)
            self._wakeup = receiver
            self._selector.register(receiver, selectors.EVENT_READ, ("wakeup", None))
            for number in STOP_SIGNALS:
                signal.signal(number, _noted)

            hang_up_before = None if _HANG_UP is None else signal.signal(_HANG_UP, _noted)
            try:
                yield
            finally:
                signal.set_wakeup_fd(before)
                self._selector.unregister(receiver)
                if _HANG_UP is not None:
                    signal.signal(_HANG_UP, hang_up_before)

    def _hear_signals(self) -> None:
        for number in self._wakeup.recv(4096):
            if number == _HANG_UP:
                self.replace_all()
            elif number in STOP_SIGNALS:
                self.stop()


def _import_all(modules: list[str]) -> None:
    for name in modules:
        # What a worker could import and this process cannot is imported by the next worker again.
        with suppress(ImportError):
            import_module(name)


def _noted(_number: int, _frame: FrameType | None) -> None:
    """Let the signal reach the wake-up socket, and do nothing else."""


def _ending(code: int) -> str:
    if code < 0:
        try:
            return f"signal {signal.Signals(-code).name}"
        except ValueError:
            return f"signal {-code}"

    return f"exit code {code}"

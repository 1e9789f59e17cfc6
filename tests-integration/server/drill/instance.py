# SPDX-License-Identifier: Apache-2.0
"""One instance of the drilled service: a process that is started and stopped again and again."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from drill.connection import Connection, LostAnswerError
from drill.exchanges import exchanges

FOLDER = Path(__file__).parents[1]
START_SECONDS = 60.0
_POLL_SECONDS = 0.005

Command = Callable[[int], Sequence[str]]
"""Returns the command that serves a port: a console script of this environment, and its arguments."""


class InstanceFailedError(Exception):
    """An instance did not start."""


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop.

    Args:
        instance: Which.
        seconds: From SIGTERM to the end of the process.
        exit_code: Its exit code; None for one that had to be killed.
    """

    instance: str
    seconds: float
    exit_code: int | None


class Instance:
    """A service on a port of this machine.

    Args:
        name: As reports call it.
        port: Its TCP port.
        command: What starts it.
        log: The file that its output is added to.
    """

    def __init__(self, name: str, port: int, command: Command, log: Path) -> None:
        self.name = name
        self.port = port
        self._log = log
        self._command = command(port)
        self._process: asyncio.subprocess.Process | None = None
        self._events: list[tuple[float, str]] = [(monotonic(), "made")]

    def is_alive(self) -> bool:
        """Tell whether the process runs."""
        return self._process is not None and self._process.returncode is None

    def phase(self) -> str:
        """Tell what has happened here last, and what before."""
        now = monotonic()
        return ", ".join(f"{what} {now - at:.3f} s ago" for at, what in reversed(self._events[-2:]))

    def output(self) -> str:
        """Return the end of what it has written."""
        return self._log.read_text("utf-8", errors="replace")[-3000:] if self._log.exists() else ""

    async def start(self) -> None:
        """Start the process and wait until it answers.

        Raises:
            InstanceFailedError: It ends before, or does not answer in time.
        """
        script = str(Path(sys.executable).with_name(self._command[0]))
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PYFLY_")}
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                script, *self._command[1:], cwd=FOLDER, env=environment, stdin=asyncio.subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

        self._happened("started")
        deadline = monotonic() + START_SECONDS
        while not await self._answers():
            if not self.is_alive() or monotonic() > deadline:
                raise InstanceFailedError(f"{self.name} does not answer: {' '.join(self._command)}")

            await asyncio.sleep(_POLL_SECONDS)

        self._happened("answered first")

    async def stop(self, deadline: float) -> Stop:
        """Send SIGTERM and wait for the end, for so many seconds."""
        assert self._process is not None
        begin = self._happened("SIGTERM")
        self._process.send_signal(signal.SIGTERM)
        code: int | None = None
        with suppress(TimeoutError):
            async with asyncio.timeout(deadline):
                code = await self._process.wait()

        end = self._happened("did not exit" if code is None else f"exited with {code}")
        await self.kill()
        return Stop(self.name, end - begin, code)

    def reload(self) -> None:
        """Send SIGHUP."""
        assert self._process is not None
        self._happened("SIGHUP")
        self._process.send_signal(signal.SIGHUP)

    async def kill(self) -> None:
        """End what is left of the process and its workers."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

            await self._process.wait()

    def _happened(self, what: str) -> float:
        at = monotonic()
        self._events.append((at, what))
        return at

    async def _answers(self) -> bool:
        try:
            connection = await Connection.connect(self.port)
            try:
                await connection.ask(next(exchanges(0)))
            finally:
                connection.close()
        except (OSError, LostAnswerError):
            return False

        return True

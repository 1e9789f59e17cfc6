# SPDX-License-Identifier: Apache-2.0
"""Fixtures that run services as real processes and talk to them over real sockets.

``launch(*args, cwd=...)`` starts any command, ``pyfly_run(*args, cwd=...)`` starts ``pyfly run``. Both give a
:class:`ServiceProcess`; whatever is still alive when the test ends is killed, children included.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

START_DEADLINE = 30.0
STOP_DEADLINE = 20.0
POLL_INTERVAL = 0.01


def wait_until(condition: Callable[[], bool], *, what: str, deadline: float) -> None:
    """Poll ``condition`` until it holds; fail with ``what`` after ``deadline`` seconds."""
    end = time.monotonic() + deadline
    while not condition():
        if time.monotonic() > end:
            pytest.fail(f"waited {deadline:g} s for {what}")
        time.sleep(POLL_INTERVAL)


def find_free_port() -> int:
    """Return a TCP port of the loopback interface that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class ServiceProcess:
    """A started command with its output collected in files."""

    def __init__(self, args: list[str], *, cwd: Path, env: Mapping[str, str], logs: Path) -> None:
        self.args = args
        self.cwd = cwd
        self._stdout_file = logs / "stdout.log"
        self._stderr_file = logs / "stderr.log"
        with self._stdout_file.open("wb") as stdout, self._stderr_file.open("wb") as stderr:
            self._process = subprocess.Popen(
                args, cwd=cwd, env=dict(env), stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr,
                start_new_session=True,
            )  # fmt: skip

    @property
    def pid(self) -> int:
        """Return the id of the started process."""
        return self._process.pid

    @property
    def stdout(self) -> str:
        """Return what the process and its children wrote to standard output so far."""
        return self._stdout_file.read_text(errors="replace")

    @property
    def stderr(self) -> str:
        """Return what the process and its children wrote to standard error so far."""
        return self._stderr_file.read_text(errors="replace")

    @property
    def output(self) -> str:
        """Return standard output followed by standard error."""
        return f"{self.stdout}{self.stderr}"

    def is_alive(self) -> bool:
        """Tell whether the process runs."""
        return self._process.poll() is None

    def wait_for_port(self, port: int, *, host: str = "127.0.0.1", deadline: float = START_DEADLINE) -> None:
        """Wait until something accepts connections on ``port``; fail at once if the process ends before."""

        def answers() -> bool:
            if not self.is_alive():
                pytest.fail(
                    f"{self.args} ended with {self._process.returncode} before it listened:\n{self.output}"
                )
            try:
                socket.create_connection((host, port), timeout=1).close()
            except OSError:
                return False
            return True

        wait_until(answers, what=f"port {port} of {self.args}", deadline=deadline)

    def wait_for_output(self, text: str, *, deadline: float = START_DEADLINE) -> None:
        """Wait until ``text`` was written to either output; fail at once if the process ends without it."""

        def written() -> bool:
            alive = self.is_alive()
            if text in self.output:
                return True

            if not alive:
                pytest.fail(
                    f"{self.args} ended with {self._process.returncode} without {text!r}:\n{self.output}"
                )

            return False

        wait_until(written, what=f"{text!r} in the output of {self.args}", deadline=deadline)

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal to the started process alone."""
        self._process.send_signal(number)

    def send_signal_to_group(self, number: signal.Signals) -> None:
        """Send a signal to the process and its children, as a terminal does for Ctrl-C."""
        os.killpg(self._process.pid, number)

    def wait(self, *, deadline: float = STOP_DEADLINE) -> int:
        """Wait for the end and return the exit code; negative numbers are signals."""
        try:
            return self._process.wait(timeout=deadline)
        except subprocess.TimeoutExpired:
            pytest.fail(f"{self.args} still runs after {deadline:g} s:\n{self.output}")

    def stop(self, *, deadline: float = STOP_DEADLINE) -> int:
        """Ask for a graceful stop (SIGTERM) and return the exit code."""
        self.send_signal(signal.SIGTERM)
        return self.wait(deadline=deadline)

    def kill(self) -> None:
        """End the process and its children at once."""
        try:
            os.killpg(self._process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        finally:
            self._process.wait()


@pytest.fixture(scope="session")
def free_port() -> Callable[[], int]:
    """Return a function that finds a free TCP port."""
    return find_free_port


def launcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., ServiceProcess]]:
    """Yield a function that starts commands, and end with all of them."""
    started: list[ServiceProcess] = []
    inherited = {
        key: value for key, value in os.environ.items() if not key.upper().startswith(("PYFLY_", "_PYFLY_"))
    }

    def start(*args: str, cwd: Path, env: Mapping[str, str] | None = None) -> ServiceProcess:
        environment = {**inherited, "PYTHONUNBUFFERED": "1", **(env or {})}
        process = ServiceProcess(
            list(args), cwd=cwd, env=environment, logs=tmp_path_factory.mktemp("process")
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()


def pyfly_runner(launch: Callable[..., ServiceProcess]) -> Callable[..., ServiceProcess]:
    """Return a function that starts ``pyfly run`` of this environment."""
    command = str(Path(sys.executable).parent / "pyfly")

    def start(*args: str, cwd: Path, env: Mapping[str, str] | None = None) -> ServiceProcess:
        return launch(command, "run", *args, cwd=cwd, env=env)

    return start


@pytest.fixture
def launch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., ServiceProcess]]:
    """Start commands; ``launch(*args, cwd=path, env={...})`` returns a ``ServiceProcess``."""
    yield from launcher(tmp_path_factory)


@pytest.fixture
def pyfly_run(launch: Callable[..., ServiceProcess]) -> Callable[..., ServiceProcess]:
    """Start ``pyfly run`` of this environment: ``pyfly_run("--port", "8001", cwd=path)``."""
    return pyfly_runner(launch)


@pytest.fixture(scope="module")
def module_pyfly_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., ServiceProcess]]:
    """Start services with ``pyfly run`` that all tests of a module share."""
    for launch in launcher(tmp_path_factory):
        yield pyfly_runner(launch)


@pytest.fixture
def until() -> Callable[..., None]:
    """Wait for a condition: ``until(path.exists, what="the file")``; the deadline is that of a start."""

    def wait(condition: Callable[[], bool], *, what: str, deadline: float = START_DEADLINE) -> None:
        wait_until(condition, what=what, deadline=deadline)

    return wait

# SPDX-License-Identifier: Apache-2.0
"""Servers in processes of their own."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.machine import plain_environment

ROOT = Path(__file__).parents[1]
_STOP_SECONDS = 10


def free_port() -> int:
    """Return a TCP port that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def server_process(
    command: Sequence[str], folder: Path = ROOT, variables: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a console script of this environment inside the block; its output is a pipe.

    Args:
        command: The name of the script, without a path, and its arguments.
        folder: The working directory.
        variables: What its environment has besides.
    """
    script = str(Path(sys.executable).with_name(command[0]))
    with subprocess.Popen(
        [script, *command[1:]],
        cwd=folder,
        env={**plain_environment(), **(variables or {})},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask a process of `server_process` to end, and kill it and its workers when it does not."""
    process.terminate()
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        # The process leads a group of its own, so this reaches its workers and nobody else's.
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(_STOP_SECONDS)

# SPDX-License-Identifier: Apache-2.0
"""The files of a project while somebody works on them."""

import logging
import socket
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import click
from watchfiles import Change, DefaultFilter, watch

__all__ = ["FileChanges"]

_STEP = 20
"""Milliseconds of silence after which changes are told: editors write in several steps."""
_LONGEST_WAIT = 200
_CONFIGURATION = (".yaml", ".yml", ".toml")


class FileChanges:
    """Tell of changed files through a descriptor, for an event loop of the supervisor's kind.

    Of the project itself, Python files count (below ``src`` if it has one), and configuration files beside
    them and in ``config``; of further folders, all files. Hidden folders, caches and virtual environments do
    not.

    Args:
        directory: The project's folder.
        further: Further folders.
    """

    def __init__(self, directory: Path, further: Sequence[Path] = ()) -> None:
        self._directory = directory.resolve()
        source = self._directory / "src"
        self._code = source if source.is_dir() else self._directory
        self._further = [path.resolve() for path in further]
        self._receiver, self._sender = socket.socketpair()
        self._receiver.setblocking(False)
        self._lock = threading.Lock()
        self._changed: set[Path] = set()
        self._stop = threading.Event()
        self._threads = self._threads_to_watch()

    def __enter__(self) -> "FileChanges":
        # It counts changes that do not count here.
        logging.getLogger("watchfiles").setLevel(logging.WARNING)
        for thread in self._threads:
            thread.start()

        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout=5)

        self._receiver.close()
        self._sender.close()

    def fileno(self) -> int:
        """Return the descriptor that becomes readable after a change."""
        return self._receiver.fileno()

    def take(self) -> str | None:
        """Return the files that have changed, for people; None if one of them is no Python yet.

        What is wrong with it goes to standard error, and what runs goes on.
        """
        self._receiver.recv(4096)
        with self._lock:
            changed, self._changed = self._changed, set()

        for path in sorted(changed):
            if path.suffix == ".py" and not _compiles(path):
                with self._lock:
                    self._changed |= changed

                return None

        return ", ".join(sorted(self._name(path) for path in changed)) or None

    def _watch(self, paths: Sequence[Path], recursive: bool) -> None:
        changes = watch(
            *paths,
            watch_filter=_Wanted(self._counts),
            stop_event=self._stop,
            step=_STEP,
            debounce=_LONGEST_WAIT,
            rust_timeout=1000,
            recursive=recursive,
        )
        for changed in changes:
            self._tell(changed)

    def _threads_to_watch(self) -> list[threading.Thread]:
        trees = {self._code, self._directory / "config", *self._further}
        jobs = [([path for path in trees if path.is_dir()], True)]
        if self._code != self._directory:
            # Configuration lies beside the sources; what is below is watched once.
            jobs.append(([self._directory], False))

        return [
            threading.Thread(target=self._watch, args=job, name="pyfly-reload", daemon=True) for job in jobs
        ]

    def _tell(self, changes: set[tuple[Change, str]]) -> None:
        with self._lock:
            self._changed |= {Path(path) for _, path in changes}

        self._sender.send(b"\0")

    def _counts(self, path: Path) -> bool:
        if any(path.is_relative_to(folder) for folder in self._further):
            return True

        if path.suffix == ".py":
            return path.is_relative_to(self._code)

        return path.parent in (self._directory, self._directory / "config") and _configures(path)

    def _name(self, path: Path) -> str:
        return str(path.relative_to(self._directory) if path.is_relative_to(self._directory) else path)


class _Wanted(DefaultFilter):
    def __init__(self, counts: Callable[[Path], bool]) -> None:
        super().__init__()
        self._file_counts = counts

    def __call__(self, change: Change, path: str) -> bool:
        return super().__call__(change, path) and self._file_counts(Path(path))


def _configures(path: Path) -> bool:
    return path.name.startswith("pyfly") and path.suffix in _CONFIGURATION


def _compiles(path: Path) -> bool:
    try:
        compile(path.read_bytes(), str(path), "exec", dont_inherit=True)
    except FileNotFoundError:
        # It was removed; what imports it will say so.
        return True
    except (SyntaxError, ValueError) as error:
        where = f", line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
        reason = error.msg if isinstance(error, SyntaxError) else str(error)
        click.echo(f"Not reloaded: {path}{where}: {reason}. What ran before goes on.", err=True)
        sys.stderr.flush()
        return False

    return True

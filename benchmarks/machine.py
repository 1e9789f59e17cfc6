# SPDX-License-Identifier: Apache-2.0
"""Where a run took place, and on which processor."""

import gc
import os
import platform
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

_CPU_FACTS = Path("/proc/cpuinfo")


def describe_machine(distributions: Sequence[str]) -> list[str]:
    """Describe machine, load, interpreter and the versions of distributions, one line each."""
    return [
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        f"{_processor()}, {_usable()} usable CPUs, {platform.system()} {platform.machine()}",
        f"load average at the start: {_load()}",
        f"{platform.python_implementation()} {platform.python_version()}",
        ", ".join(f"{name} {version(name)}" for name in distributions),
    ]


def plain_environment() -> dict[str, str]:
    """Return the environment without settings of Python and of PyFly.

    One that keeps Python from writing byte code would make every import compile its sources.
    """
    return {
        name: value
        for name, value in os.environ.items()
        if name == "PYTHONPATH" or not name.startswith(("PYTHON", "PYFLY_"))
    }


@contextmanager
def one_cpu() -> Iterator[str]:
    """Stay on one processor inside the block, where the system allows it; yields a line that tells which."""
    if not hasattr(os, "sched_setaffinity"):
        yield "not pinned: this system cannot pin processes"
        return

    chosen = max(os.sched_getaffinity(0))
    with on_cpu(chosen):
        yield f"pinned to CPU {chosen}"


@contextmanager
def on_cpu(number: int) -> Iterator[None]:
    """Stay on the given processor inside the block; so do the processes that are started in it, for good."""
    usable = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {number})
    try:
        yield
    finally:
        os.sched_setaffinity(0, usable)


def two_cpus() -> tuple[int, int] | None:
    """Return two processors for a server and its client, where there are two and processes can be pinned."""
    usable = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    return (usable[-1], usable[0]) if len(usable) > 1 else None


@contextmanager
def steady_heap() -> Iterator[None]:
    """Leave gaps of many sizes in the heap inside the block, and hide what exists from the collector.

    Without gaps, a contender whose turn crosses the end of the heap has the system map and unmap memory
    at every turn, which costs it more than the turn itself.
    """
    blocks = [bytes(size) for _ in range(500) for size in range(0, 480, 16)]
    blocks += [bytes(size) for _ in range(50) for size in range(512, 8192, 128)]
    kept = blocks[::2]
    del blocks
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
        del kept


def _usable() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _load() -> str:
    return " ".join(f"{value:.2f}" for value in os.getloadavg()) if hasattr(os, "getloadavg") else "unknown"


def _processor() -> str:
    if _CPU_FACTS.is_file():
        for line in _CPU_FACTS.read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()

    return platform.processor() or "unknown processor"

# SPDX-License-Identifier: Apache-2.0
"""Timing of one statement, run many times in a loop of its own."""

import asyncio
import gc
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import repeat
from textwrap import indent
from time import perf_counter_ns
from typing import Any

_LOOP = """\
{prefix}def loop(_turns, _clock{names}):
    _start = _clock()
    for _turn in _turns:
{body}
    return _clock() - _start
"""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a contender does, as the text of it, and the objects that the text names."""

    text: str
    names: Mapping[str, Any]
    awaits: bool = False


class Sampler:
    """Times a statement; the objects that it names are local variables of the loop.

    Args:
        statement: What to time.
        sample_seconds: About how long one sample takes.
        runner: Runs a statement that awaits, in an event loop that lives on; without one, each sample has an
            event loop of its own.
    """

    def __init__(
        self, statement: Statement, *, sample_seconds: float, runner: asyncio.Runner | None = None
    ) -> None:
        self._names = dict(statement.names)
        self._await = asyncio.run if runner is None else runner.run
        self._run = self._awaited if statement.awaits else self._called
        self._loop = _compiled(statement)
        self._turns = 1
        self._calibrate(sample_seconds)

    def __call__(self) -> float:
        """Take one sample: nanoseconds per turn, with the garbage collector off.

        What the sample before has left in cycles is collected first, so that nobody pays for it.
        """
        gc.collect()
        collecting = gc.isenabled()
        gc.disable()
        try:
            return self._run() / self._turns
        finally:
            if collecting:
                gc.enable()

    def _calibrate(self, seconds: float) -> None:
        # These first runs are the warm-up too.
        while (taken := self._run()) < seconds * 1e9 / 4:
            self._turns *= 2

        self._turns = max(1, round(self._turns * seconds * 1e9 / taken))

    def _called(self) -> int:
        taken: int = self._loop(repeat(None, self._turns), perf_counter_ns, **self._names)
        return taken

    def _awaited(self) -> int:
        taken: int = self._await(self._loop(repeat(None, self._turns), perf_counter_ns, **self._names))
        return taken


def _compiled(statement: Statement) -> Callable[..., Any]:
    source = _LOOP.format(
        prefix="async " if statement.awaits else "",
        names="".join(f", {name}" for name in statement.names),
        body=indent(statement.text, " " * 8),
    )
    namespace: dict[str, Callable[..., Any]] = {}
    exec(compile(source, "<benchmark>", "exec"), {}, namespace)
    return namespace["loop"]

# SPDX-License-Identifier: Apache-2.0
"""A contender: how it is set up, and how it does each of the jobs."""

import io
import os
import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from typing import TextIO

from benchmarks.contender import Role
from benchmarks.statements import Sampler, Statement

_NOWHERE: TextIO = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  # as long as the process
_WARM_UP = 20


@dataclass(frozen=True, slots=True)
class Contender:
    """One line of each table.

    Args:
        name: As it is shown.
        role: What its figures are for.
        set_up: Takes the place of the contender before; called before each sample, outside of the timing.
        jobs: What to time, by job. What is left out is not measured.
        controls: The jobs it is the control of.
        note: Which way of the product is used, and why this one.
    """

    name: str
    role: Role
    set_up: Callable[[], None]
    jobs: Mapping[str, Statement] = field(default_factory=dict)
    controls: frozenset[str] = frozenset()
    note: str = ""

    def written_by(self, job: str) -> str:
        """Do a job once and return what it wrote to standard output."""
        statement = self.jobs[job]
        with redirect_stdout(io.StringIO()) as output:
            self.set_up()
            exec(statement.text, dict(statement.names))

        return output.getvalue()


class QuietSampler:
    """Takes samples of a contender, whose lines go to the null device.

    Args:
        contender: The contender.
        job: The job.
        sample_seconds: About how long one sample takes.
    """

    def __init__(self, contender: Contender, job: str, *, sample_seconds: float) -> None:
        self._set_up = contender.set_up
        self._statement = contender.jobs[job]
        with redirect_stdout(_NOWHERE):
            self._set_up()
            self._sampler = Sampler(self._statement, sample_seconds=sample_seconds)

    def __call__(self) -> float:
        """Take one sample: nanoseconds per turn."""
        with redirect_stdout(_NOWHERE):
            self._set_up()
            # What is remembered from line to line was forgotten with the set-up.
            for _ in range(_WARM_UP):
                exec(self._statement.text, dict(self._statement.names))

            return self._sampler()


class CurrentOutput:
    """A stream that is standard output as it is at that moment, for those who keep their stream."""

    def write(self, text: str) -> int:
        return sys.stdout.write(text)

    def flush(self) -> None:
        sys.stdout.flush()

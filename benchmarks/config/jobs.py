# SPDX-License-Identifier: Apache-2.0
"""The jobs, and what a right outcome of each is."""

from dataclasses import dataclass

from benchmarks.statements import Statement

FIELDS = {
    "name": "Corner",
    "host": "localhost",
    "port": 8000,
    "pool_size": 5,
    "ratio": 0.5,
    "open": True,
    "limit": 20,
    "region": "eu",
    "retries": 3,
    "verbose": False,
}


@dataclass(frozen=True, slots=True)
class Job:
    """Something that every contender does.

    Args:
        key: Its name in the contenders.
        title: Its name in the report.
        expected: What it gives; None when the statement checks itself.
        most: Nanoseconds that we want it to take at the most, if there is such a goal.
        goal: Largest ratio to the control that we want, if there is such a goal.
    """

    key: str
    title: str
    expected: object
    most: int | None = None
    goal: float | None = None


JOBS = (
    Job("bound", "Read an attribute of bound settings", 5, goal=1.1),
    Job("get", "Read a key from the tree, the environment in mind", 5, most=1000),
    Job("relaxed", "The same in another spelling", 5, most=1000),
    Job("missing", "Read a key that is not there", None, most=1000),
    Job("bind", "Bind 10 fields of four types, the environment in mind", tuple(FIELDS.values())),
)


class WrongOutcomeError(Exception):
    """A contender does something else than the job asks for; its figures would mean nothing."""


def check_outcome(contender: str, job: Job, statement: Statement) -> None:
    """Do a job once and look at what it gives.

    Raises:
        WrongOutcomeError: It is not what the job asks for.
    """
    names = dict(statement.names)
    exec(statement.text, names)
    found = names["result"]
    values = tuple(getattr(found, name) for name in FIELDS) if job.key == "bind" else found
    if values != job.expected:
        raise WrongOutcomeError(f"{contender}, {job.key}: {values!r}, not {job.expected!r}")

# SPDX-License-Identifier: Apache-2.0
"""The jobs, and what a right outcome of each is."""

import json
from collections.abc import Callable
from dataclasses import dataclass

CORRELATION_ID = "3f2a9c4e-1b7d-4c1e"
EVENT = {"event": "order_placed", "order_id": 7, "customer": "ada", "amount": 12.5, "status": "paid"}
FIELDS = 'order_id=7, customer="ada", amount=12.5, status="paid"'
# As many customers as no cache of texts holds.
CUSTOMERS = [f"customer-{number:05d} of the house" for number in range(20_011)]
NEW_FIELDS = "order_id=number, customer=customers[number % 20011], amount=12.5, status='paid'"


@dataclass(frozen=True, slots=True)
class Job:
    """Something that every contender does.

    Args:
        key: Its name in the contenders.
        title: Its name in the report.
        writes: Whether a line comes out.
        goal: Largest ratio to the control that we want, if there is such a goal.
    """

    key: str
    title: str
    writes: bool
    goal: float | None = None


JOBS = (
    Job("disabled", "Disabled debug call", writes=False, goal=1.5),
    Job("disabled fields", "Disabled debug call with 4 fields", writes=False, goal=1.5),
    Job("line", "JSON line with 4 fields and a correlation id", writes=True, goal=1.5),
    Job("new", "The same with an id and a name that are new in each line", writes=True, goal=1.5),
    Job("traceback", "JSON line with a traceback", writes=True),
)


class WrongOutcomeError(Exception):
    """A contender does something else than the job asks for; its figures would mean nothing."""


def check_outcome(contender: str, job: Job, run: Callable[[], str]) -> None:
    """Do a job once and read what it wrote.

    Args:
        contender: Its name.
        job: The job.
        run: Does the job and returns what was written.

    Raises:
        WrongOutcomeError: A line is missing or too many, is no JSON, or lacks something.
    """
    lines = run().splitlines()
    if len(lines) != job.writes:
        raise WrongOutcomeError(f"{contender}, {job.key}: wrote {len(lines)} lines")

    for line in lines:
        found = json.loads(line)
        wanted = {**EVENT, "level": "info", "correlation_id": CORRELATION_ID}
        if job.key == "traceback":
            wanted = {"event": "payment_failed", "level": "error", "correlation_id": CORRELATION_ID}
            if "ValueError: broken" not in str(found.get("exception")):
                raise WrongOutcomeError(f"{contender}, {job.key}: {line} has no traceback")

        if job.key == "new":
            wanted = {**wanted, "order_id": found.get("order_id"), "customer": CUSTOMERS[found["order_id"]]}

        for key, value in wanted.items():
            if found.get(key) != value:
                raise WrongOutcomeError(f"{contender}, {job.key}: {line} has no {key} = {value!r}")

        if "timestamp" not in found:
            raise WrongOutcomeError(f"{contender}, {job.key}: {line} has no timestamp")

# SPDX-License-Identifier: Apache-2.0
"""The jobs, and what a right outcome of each is."""

import asyncio
from dataclasses import dataclass
from typing import Any

from benchmarks.di.services import (
    DEPENDENCIES,
    LINKS,
    OF_REQUEST,
    Link1,
    PlaceOrder,
    Plain,
    Service,
    Ten,
    Three,
)
from benchmarks.statements import Statement


@dataclass(frozen=True, slots=True)
class Job:
    """Something that every contender does.

    Args:
        key: Its name in the contenders.
        title: Its name in the report.
        root: Class of the outcome.
        cached: Whether the outcome is the same object each time.
        goal: Largest ratio to the hand-written control that we want, if there is such a goal.
    """

    key: str
    title: str
    root: type
    cached: bool = False
    goal: float | None = None


SINGLETON = Job("singleton", "Cached singleton", Service, cached=True, goal=1.5)
JOBS = (
    SINGLETON,
    Job("plain", "Transient without dependencies", Plain, goal=1.5),
    Job("three", "Transient with 3 singleton dependencies", Three, goal=1.5),
    Job("ten", "Transient with 10 singleton dependencies", Ten, goal=1.5),
    Job("chain", "Chain of 5 transients", Link1, goal=1.5),
    Job("request", "Request scope with 7 services: enter, resolve the root, leave", PlaceOrder),
    Job("async request", "Request scope with 7 services, asynchronous", PlaceOrder),
)


class WrongOutcomeError(Exception):
    """A contender does something else than the job asks for; its figures would mean nothing."""


def check_outcome(contender: str, job: Job, statement: Statement) -> None:
    """Do a job twice and look at what comes out.

    Raises:
        WrongOutcomeError: Wrong classes, something cached that must not be, or made anew that must not be.
    """
    first, second = _outcome(statement), _outcome(statement)
    if type(first) is not job.root:
        raise WrongOutcomeError(f"{contender}, {job.key}: {first!r} is not a {job.root.__name__}")

    if (first is second) is not job.cached:
        raise WrongOutcomeError(
            f"{contender}, {job.key}: twice {'two objects' if job.cached else 'the same object'}"
        )

    old, new = _parts(first), _parts(second)
    for cls in old.keys() | new.keys():
        stays = job.cached or cls in DEPENDENCIES
        if len(old[cls]) != 1 or len(new[cls]) != 1 or (old[cls] == new[cls]) is not stays:
            raise WrongOutcomeError(f"{contender}, {job.key}: {cls.__name__} has the wrong life")

    expected = {Service: 1, Plain: 1, Three: 4, Ten: 11, Link1: len(LINKS), PlaceOrder: len(OF_REQUEST)}
    if len(old) != expected[job.root]:
        raise WrongOutcomeError(f"{contender}, {job.key}: {len(old)} classes instead of {expected[job.root]}")


def _outcome(statement: Statement) -> Any:
    prefix = "async " if statement.awaits else ""
    body = "\n".join(f"    {line}" for line in statement.text.splitlines())
    namespace: dict[str, Any] = dict(statement.names)
    exec(f"{prefix}def act():\n{body}\n    return result", namespace)
    return asyncio.run(namespace["act"]()) if statement.awaits else namespace["act"]()


def _parts(root: Any) -> dict[type, set[int]]:
    found: dict[type, set[int]] = {}
    waiting = [root]
    while waiting:
        part = waiting.pop()
        found.setdefault(type(part), set()).add(id(part))
        waiting.extend(vars(part).values())

    return found

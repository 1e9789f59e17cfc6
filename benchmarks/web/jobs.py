# SPDX-License-Identifier: Apache-2.0
"""The requests, what a right answer to each is, and what we want ours to cost."""

from dataclasses import dataclass
from typing import Any, Final

from benchmarks.web.client import Answered, Request
from benchmarks.web.models import ITEMS, LARGEST_ID, find_item
from benchmarks.web.names import (
    BLACKSHEEP,
    FASTAPI,
    LITESTAR,
    ON_FASTAPI,
    PYFLY,
    SERIALIZER,
    STARLETTE,
    UNFILTERED,
)
from benchmarks.web.standing import Goal

JSON: Final = "application/json"

_ORDER = (
    b'{"customer": {"name": "Ada", "city": "London"}, "note": "by hand",'
    b' "lines": [{"sku": "book", "quantity": 2}, {"sku": "pen", "quantity": 12}]}'
)
_ORDER_ANSWER = {
    "id": 7,
    "customer": {"name": "Ada", "city": "London"},
    "lines": [{"sku": "book", "quantity": 2}, {"sku": "pen", "quantity": 12}],
    "units": 14,
}
_GOALS = (
    Goal(PYFLY, STARLETTE, 1.0),
    Goal(PYFLY, FASTAPI, 0.3),
    Goal(PYFLY, LITESTAR, 1.0, strictly=True),
    Goal(UNFILTERED, BLACKSHEEP, 1.0),
    Goal(ON_FASTAPI, FASTAPI, None),
)
_SHOWN = (Goal(PYFLY, STARLETTE, None), Goal(PYFLY, FASTAPI, None))


@dataclass(frozen=True, slots=True)
class Job:
    """A request that every contender answers.

    Args:
        key: Its name in the contenders.
        title: Its name in the report.
        request: The request.
        status: Status of the answer.
        expected: The parsed body; None for errors, of which every contender has a form of its own.
        goals: What ours may cost.
    """

    key: str
    title: str
    request: Request
    status: int
    expected: Any = None
    goals: tuple[Goal, ...] = _SHOWN


GET = Job(
    "get",
    "GET with a path and a query parameter, which returns a model",
    Request("GET", "/items/7", "name=red+book"),
    200,
    find_item(7, "red book").model_dump(),
    _GOALS,
)
JOBS = (
    GET,
    Job(
        "post",
        "POST of a validated nested body, which returns a model with 201",
        Request("POST", "/orders", body=_ORDER, content_type=JSON),
        201,
        _ORDER_ANSWER,
        _GOALS,
    ),
    Job(
        "list",
        f"GET that returns a list of {len(ITEMS)} models",
        Request("GET", "/items"),
        200,
        [item.model_dump() for item in ITEMS],
        (Goal(PYFLY, SERIALIZER, 1.5), Goal(PYFLY, STARLETTE, None)),
    ),
    Job(
        "unknown",
        "GET answered with 404 by the handler's exception",
        Request("GET", f"/items/{LARGEST_ID + 1}", "name=book"),
        404,
    ),
    Job(
        "invalid",
        "POST answered with 422 because two fields are wrong",
        Request(
            "POST", "/orders", body=_ORDER.replace(b"Ada", b"").replace(b" 2}", b" 0}"), content_type=JSON
        ),
        422,
    ),
)


class WrongOutcomeError(Exception):
    """A contender does something else than the job asks for; its figures would mean nothing."""


def check_outcome(
    contender: str, job: Job, answered: Answered, promised: frozenset[str] = frozenset()
) -> None:
    """Look at an answer.

    Args:
        contender: Who gave it.
        job: What it answers.
        answered: The answer.
        promised: Headers that it must have, in lower case.

    Raises:
        WrongOutcomeError: Wrong status, wrong type of content, wrong body, or a header is missing.
    """
    if answered.status != job.status:
        raise WrongOutcomeError(
            f"{contender}, {job.key}: {answered.status}, not {job.status}: {answered.body!r}"
        )

    kind = answered.headers.get("content-type", "").partition(";")[0]
    if kind not in (JSON, "application/problem+json") or (job.expected is not None and kind != JSON):
        raise WrongOutcomeError(f"{contender}, {job.key}: content of type {kind!r}")

    if answered.headers.get("content-length") != str(len(answered.body)):
        raise WrongOutcomeError(f"{contender}, {job.key}: no content-length, or a wrong one")

    found = answered.json()
    if job.expected is not None and found != job.expected:
        raise WrongOutcomeError(f"{contender}, {job.key}: {found!r}, not {job.expected!r}")

    if job.expected is None and not (isinstance(found, dict) and found):
        raise WrongOutcomeError(f"{contender}, {job.key}: {found!r} tells nothing about the error")

    missing = promised - {name for name, value in answered.headers.items() if value}
    if missing:
        raise WrongOutcomeError(f"{contender}, {job.key}: no header {', '.join(sorted(missing))}")

# SPDX-License-Identifier: Apache-2.0
import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest

from benchmarks.contender import Role
from benchmarks.web.apps import pyfly_app
from benchmarks.web.client import Answered, ask, running, served
from benchmarks.web.contenders import IDS, Contender, all_contenders
from benchmarks.web.jobs import GET, JOBS, Job, WrongOutcomeError, check_outcome
from benchmarks.web.routing import REQUESTS, check_route
from benchmarks.web.routing import applications as routing_applications
from benchmarks.web.transfers import TRANSFERS
from benchmarks.web.transfers import applications as transfer_applications

RIGHT = Answered(
    200,
    {"content-type": "application/json", "content-length": "78"},
    b'{"id":7,"name":"red book","price":12.5,"in_stock":true,"tags":["new","sale"]} ',
)
CONTENDERS = all_contenders()
ANSWERING = [
    pytest.param(contender, job, id=f"{contender.name}-{job.key}")
    for contender in CONTENDERS
    for job in JOBS
    if contender.role is not Role.FLOOR and job.key in contender.jobs
]


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    """Run the event loop in which every contender is started."""
    with served(it.app for it in CONTENDERS if it.role is not Role.FLOOR) as runner:
        yield runner


@pytest.mark.parametrize(("contender", "job"), ANSWERING)
def test_contender_answers_as_the_job_asks(contender: Contender, job: Job, loop: asyncio.Runner):
    check_outcome(contender.name, job, loop.run(ask(contender.app, job.request)), contender.promised)


async def test_every_request_gets_ids_of_its_own():
    app = pyfly_app.build(pyfly_app.WITHOUT_ACCESS_LOG)
    async with running(app):
        answers = [await ask(app, GET.request) for _ in range(2)]

    assert len({answered.headers[name] for answered in answers for name in IDS}) == 2 * len(IDS)


@pytest.mark.parametrize("what", REQUESTS)
async def test_few_and_many_routes_answer_alike(what: str):
    for name, (resources, app) in routing_applications().items():
        async with running(app):
            await check_route(name, app, resources, what)


async def test_large_bodies_arrive_whole():
    for name, app in transfer_applications().items():
        async with running(app):
            for transfer in TRANSFERS:
                transfer.check(name, await ask(app, transfer.request))


def test_right_answer_passes():
    check_outcome("x", GET, RIGHT)


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        (replace(RIGHT, status=201), "201, not 200"),
        (replace(RIGHT, headers={**RIGHT.headers, "content-type": "text/plain"}), "type 'text/plain'"),
        (replace(RIGHT, headers={**RIGHT.headers, "content-length": "7"}), "content-length"),
        (replace(RIGHT, body=RIGHT.body.replace(b"red", b"tan")), "tan book"),
    ],
)
def test_wrong_answer_is_refused(wrong: Answered, complaint: str):
    with pytest.raises(WrongOutcomeError, match=complaint):
        check_outcome("x", GET, wrong)


def test_missing_and_empty_headers_are_refused():
    answered = replace(RIGHT, headers={**RIGHT.headers, "x-request-id": ""})

    with pytest.raises(WrongOutcomeError, match="no header x-other, x-request-id"):
        check_outcome("x", GET, answered, frozenset({"x-request-id", "x-other"}))


def test_error_needs_a_body_that_tells_something():
    unknown = next(job for job in JOBS if job.key == "unknown")
    answered = Answered(404, {"content-type": "application/problem+json", "content-length": "2"}, b"{}")

    with pytest.raises(WrongOutcomeError, match="tells nothing"):
        check_outcome("x", unknown, answered)


def test_body_that_has_not_arrived_whole_is_refused():
    with pytest.raises(WrongOutcomeError, match="200, 3 bytes"):
        TRANSFERS[0].check("x", Answered(200, {}, b'{"size": 3}'))

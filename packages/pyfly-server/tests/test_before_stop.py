# SPDX-License-Identifier: Apache-2.0
import asyncio
import logging

from pyfly.server.before_stop import BEFORE_STOP, BeforeStop
from pyfly.server.lifespan import watch_lifespan


async def test_everything_is_awaited_at_once():
    both = asyncio.Barrier(2)
    done = []

    async def meet():
        async with asyncio.timeout(5):
            await both.wait()

        done.append("met")

    await BeforeStop([meet, meet]).run()

    assert done == ["met", "met"]


async def test_nothing_to_do_is_done_at_once():
    await BeforeStop().run()


async def test_failure_is_logged_and_the_others_run(caplog):
    done = []

    async def fail():
        raise LookupError("lost")

    async def succeed():
        done.append("done")

    await BeforeStop([fail, succeed]).run()

    assert done == ["done"]
    assert [(record.name, record.levelno, record.getMessage()) for record in caplog.records] == [
        ("pyfly.server", logging.ERROR, "before_stop_failed")
    ]


async def test_what_takes_too_long_is_cancelled():
    ended = []

    async def wait():
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cancelled")

    async with asyncio.timeout(5):
        await BeforeStop([wait]).run(timeout=0.01)

    assert ended == ["cancelled"]


async def test_application_finds_it_in_the_state_of_its_scopes():
    before_stop = BeforeStop()
    seen = []

    async def app(scope, receive, send):
        seen.append(scope["state"][BEFORE_STOP])

    watched = watch_lifespan(app, started=lambda: None, failed=lambda *failure: None, before_stop=before_stop)
    await watched({"type": "lifespan"}, None, None)
    await watched({"type": "lifespan", "state": {}}, None, None)

    assert [found is before_stop for found in seen] == [True, True]

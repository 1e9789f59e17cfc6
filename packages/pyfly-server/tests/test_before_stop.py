# SPDX-License-Identifier: Apache-2.0
import asyncio
import logging

from pyfly.server.before_stop import BeforeStop


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

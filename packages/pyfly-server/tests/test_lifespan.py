# SPDX-License-Identifier: Apache-2.0
import asyncio
import logging

import pytest

from pyfly.context.serving import current_serving
from pyfly.server.before_stop import BEFORE_STOP
from pyfly.server.exceptions import ApplicationStartupError
from pyfly.server.lifespan import Lifespan

DEADLINE = 10.0


class Application:
    """Starts and stops as ASGI asks for."""

    def __init__(self):
        self.events = []

    async def __call__(self, scope, receive, send):
        self.scope = scope
        self.events.append((await receive())["type"])
        await send({"type": "lifespan.startup.complete"})
        self.events.append((await receive())["type"])
        await send({"type": "lifespan.shutdown.complete"})


async def test_application_is_started_and_stopped_once():
    app = Application()
    lifespan = Lifespan(app)

    await lifespan.startup()
    await lifespan.shutdown(DEADLINE)

    assert app.events == ["lifespan.startup", "lifespan.shutdown"]
    assert app.scope["type"] == "lifespan"
    assert app.scope["asgi"] == {"version": "3.0", "spec_version": "2.0"}


async def test_what_it_leaves_in_the_state_is_there_for_requests():
    async def app(scope, receive, send):
        scope["state"]["pool"] = "open"
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await receive()

    lifespan = Lifespan(app)
    await lifespan.startup()

    assert lifespan.state["pool"] == "open"
    assert lifespan.state[BEFORE_STOP] is lifespan.before_stop
    await lifespan.shutdown(DEADLINE)


async def test_server_is_known_while_the_application_starts_and_not_to_others():
    seen = []

    async def app(scope, receive, send):
        seen.append(current_serving.get())
        await send({"type": "lifespan.startup.complete"})

    lifespan = Lifespan(app)
    await lifespan.startup()

    assert seen == [lifespan.serving]
    assert current_serving.get() is None


async def test_failure_is_raised_with_its_cause_and_the_words_of_the_application():
    failure = OSError("no database")

    async def app(scope, receive, send):
        current_serving.get().failure_report = "Look at the database.\n"
        try:
            raise failure
        except OSError:
            await send({"type": "lifespan.startup.failed", "message": "Traceback ..."})
            raise

    lifespan = Lifespan(app)
    with pytest.raises(ApplicationStartupError, match="OSError: no database") as caught:
        await lifespan.startup()

    assert caught.value.__cause__ is failure
    assert caught.value.report == "Look at the database.\n"
    await lifespan.shutdown(DEADLINE)


@pytest.mark.parametrize(
    ("message", "reason"), [("no stock", "no stock"), ("", "it gave no reason"), ("a\nb\n", "b")]
)
async def test_failure_without_exception_is_told_with_its_message(message, reason):
    async def app(scope, receive, send):
        await send({"type": "lifespan.startup.failed", "message": message})

    with pytest.raises(ApplicationStartupError, match=f"did not start: {reason}"):
        await Lifespan(app).startup()


async def test_application_that_knows_no_lifespan_is_served_without():
    async def app(scope, receive, send):
        raise NotImplementedError(scope["type"])

    lifespan = Lifespan(app)
    await lifespan.startup()
    await lifespan.shutdown(DEADLINE)


async def test_start_that_is_given_up_is_cancelled():
    entered, ended = asyncio.Event(), asyncio.Event()

    async def app(scope, receive, send):
        entered.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    lifespan = Lifespan(app)
    starting = asyncio.ensure_future(lifespan.startup())
    await asyncio.wait_for(entered.wait(), DEADLINE)
    starting.cancel()
    await lifespan.shutdown(DEADLINE)

    assert ended.is_set()


async def test_stop_that_does_not_end_is_cut_and_told(caplog):
    async def app(scope, receive, send):
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await asyncio.Event().wait()

    lifespan = Lifespan(app)
    await lifespan.startup()
    async with asyncio.timeout(DEADLINE):
        await lifespan.shutdown(0.05)

    assert [record.getMessage().split()[0] for record in caplog.records] == ["application_stop_timed_out"]


async def test_stop_that_fails_is_told(caplog):
    async def app(scope, receive, send):
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        raise LookupError("the key is lost")

    lifespan = Lifespan(app)
    await lifespan.startup()
    await lifespan.shutdown(DEADLINE)

    (record,) = caplog.records
    assert (record.levelno, record.getMessage().split()[0]) == (logging.ERROR, "application_stop_failed")
    assert "the key is lost" in str(record.exc_info[1])


async def test_stop_that_says_that_it_failed_is_told_with_its_reason(caplog):
    async def app(scope, receive, send):
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.failed", "message": "the door sticks"})

    lifespan = Lifespan(app)
    await lifespan.startup()
    await lifespan.shutdown(DEADLINE)

    assert "the door sticks" in caplog.text

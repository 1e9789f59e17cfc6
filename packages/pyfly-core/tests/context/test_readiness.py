# SPDX-License-Identifier: Apache-2.0
import pytest

from pyfly.config.store import Config
from pyfly.context.application_context import ApplicationContext
from pyfly.context.events import ApplicationReadyEvent


async def test_context_is_ready_once_every_listener_has_heard_of_it():
    context, seen = ApplicationContext(Config({})), []

    async def heard(_event):
        seen.append(context.is_ready)

    context.event_bus.subscribe(ApplicationReadyEvent, heard)
    before = context.is_ready
    await context.start()

    assert (before, seen, context.is_ready) == (False, [False], True)
    await context.stop()


async def test_context_under_a_server_is_ready_when_the_server_says_so():
    context = ApplicationContext(Config({}))
    await context.start(publish_ready=False)
    before = context.is_ready

    await context.publish_ready()

    assert (before, context.is_ready) == (False, True)
    await context.stop()


async def test_context_that_is_about_to_stop_is_no_longer_ready_and_still_works():
    context = ApplicationContext(Config({}))
    await context.start()

    await context.refuse_requests()

    assert not context.is_ready
    assert context.is_running
    await context.stop()


async def test_stopped_context_is_not_ready():
    context = ApplicationContext(Config({}))
    await context.start()

    await context.stop()

    assert not context.is_ready


async def test_context_is_not_ready_when_a_listener_fails():
    context = ApplicationContext(Config({}))

    async def fail(_event):
        raise LookupError("no key")

    context.event_bus.subscribe(ApplicationReadyEvent, fail)
    await context.start(publish_ready=False)
    with pytest.raises(LookupError):
        await context.publish_ready()

    assert not context.is_ready
    await context.stop()

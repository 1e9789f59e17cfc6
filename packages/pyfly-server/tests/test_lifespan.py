# SPDX-License-Identifier: Apache-2.0
import pytest

from pyfly.server.lifespan import watch_lifespan


class Observed:
    def __init__(self, app):
        self.started = 0
        self.failures = []
        self.sent = []
        self.app = watch_lifespan(
            app, started=self.count, failed=lambda *failure: self.failures.append(failure)
        )

    def count(self):
        self.started += 1

    async def run(self, kind="lifespan"):
        async def receive():
            return {"type": "lifespan.startup"}

        async def send(message):
            self.sent.append(message)

        await self.app({"type": kind}, receive, send)


async def test_a_complete_start_is_told_once():
    async def app(scope, receive, send):
        await send({"type": "lifespan.startup.complete"})
        await send({"type": "lifespan.shutdown.complete"})

    observed = Observed(app)
    await observed.run()

    assert (observed.started, observed.failures) == (1, [])
    assert [message["type"] for message in observed.sent] == [
        "lifespan.startup.complete",
        "lifespan.shutdown.complete",
    ]


async def test_a_failure_is_told_with_the_exception_being_handled():
    error = OSError("no database")

    async def app(scope, receive, send):
        try:
            raise error
        except OSError:
            await send({"type": "lifespan.startup.failed", "message": "a traceback"})

    observed = Observed(app)
    await observed.run()

    assert observed.failures == [(error, "a traceback")]
    assert observed.started == 0
    assert observed.sent == [{"type": "lifespan.startup.failed", "message": ""}]


async def test_a_failure_without_exception_is_told_with_its_message():
    async def app(scope, receive, send):
        await send({"type": "lifespan.startup.failed", "message": "closed today"})

    observed = Observed(app)
    await observed.run()

    assert observed.failures == [(None, "closed today")]


async def test_an_application_that_has_no_lifespan_counts_as_started():
    async def app(scope, receive, send):
        raise NotImplementedError(scope["type"])

    observed = Observed(app)
    with pytest.raises(NotImplementedError):
        await observed.run()

    assert observed.started == 1


async def test_requests_pass_through():
    scopes = []

    async def app(scope, receive, send):
        scopes.append(scope["type"])

    observed = Observed(app)
    await observed.run("http")

    assert scopes == ["http"]
    assert observed.started == 0

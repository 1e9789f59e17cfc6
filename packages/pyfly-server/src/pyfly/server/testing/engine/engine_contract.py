# SPDX-License-Identifier: Apache-2.0
"""What every `ServerEngine` that serves HTTP/1 does."""

import json
import logging
from pathlib import Path
from typing import Any, Final

from pyfly.server.testing.engine.engine_end_contract import EngineEndContract
from pyfly.server.testing.engine.running_engine import until

__all__ = ["EngineContract"]

_TEXT: Final = 1
_CLOSE: Final = 8


class EngineContract(EngineEndContract):
    """Derive a test class from this and define `engine`.

    The tests run on any event loop. Those of `EngineEndContract` are part of it.
    """

    async def test_request_is_answered(self) -> None:
        async with self.running() as running, running.connection() as client:
            answer = await client.get("/facts?x=1")

        facts = json.loads(answer.body)
        assert (facts["method"], facts["path"], facts["scheme"]) == ("GET", "/facts", "http")
        assert (facts["http_version"], facts["server"]) == ("1.1", list(running.address))
        assert running.application.scopes[0]["query_string"] == b"x=1"

    async def test_each_scope_has_its_own_copy_of_the_state(self) -> None:
        state = {"pool": "the pool"}
        async with self.running(state=state) as running, running.connection() as client:
            await client.get()
            running.application.scopes[0]["state"]["pool"] = "another"
            await client.get()

        assert running.application.scopes[1]["state"] == state

    async def test_body_reaches_the_application(self) -> None:
        async with self.running() as running, running.connection() as client:
            client.ask("/length", method="POST", body=b"x" * 300_000)
            answer = await client.answer()

        assert answer.body == b"300000"

    async def test_connection_is_kept_until_it_is_idle_for_long(self) -> None:
        async with self.running(keep_alive_timeout=1) as running, running.connection() as client:
            first, second = await client.get(), await client.get()
            rest = await client.rest()

        assert (first.closes, second.closes, rest) == (False, False, b"")

    async def test_without_keep_alive_an_answer_ends_its_connection_and_says_so(self) -> None:
        async with self.running(keep_alive_timeout=0) as running, running.connection() as client:
            answer = await client.get()
            rest = await client.rest()

        assert (answer.status, answer.closes, rest) == (200, True, b"")

    async def test_silent_client_is_sent_away(self) -> None:
        settings: dict[str, Any] = {"keep_alive_timeout": 1, "request_header_timeout": 1}
        async with self.running(**settings) as running, running.connection() as client:
            assert b"200 OK" not in await client.rest()

    async def test_client_that_sends_half_a_head_is_sent_away(self) -> None:
        settings: dict[str, Any] = {"keep_alive_timeout": 1, "request_header_timeout": 1}
        async with self.running(**settings) as running, running.connection() as client:
            client.send(b"GET / HTTP/1.1\r\nHost: localhost\r\n")
            assert b"200 OK" not in await client.rest()

        assert running.application.scopes == []

    async def test_long_answer_is_no_idle_connection(self) -> None:
        async with (
            self.running(keep_alive_timeout=1) as running,
            running.connection() as idle,
            running.connection() as client,
        ):
            client.ask("/slow")
            await idle.get()
            await idle.rest()
            running.application.release.set()
            answer = await client.answer()

        assert answer.status == 200

    async def test_application_hears_that_its_client_is_gone(self) -> None:
        async with self.running() as running:
            async with running.connection() as client:
                client.ask("/waiting")
                await running.application.entered.wait()

            await until(lambda: running.application.left == ["/waiting"])

    async def test_body_that_nobody_reads_does_not_keep_the_connection(self) -> None:
        async with self.running(keep_alive_timeout=1) as running:
            async with running.connection() as client:
                client.ask("/slow", method="POST", body=b"x" * 3_000_000)
                await running.application.entered.wait()
                running.application.release.set()
                answer = await client.answer()

            assert answer.status == 200
            await until(lambda: running.engine.connections in (0, None))

    async def test_failure_of_the_application_is_an_error_500(self) -> None:
        async with self.running() as running, running.connection() as client:
            answer = await client.get("/failing")

        assert answer.status == 500

    async def test_line_break_in_a_header_is_not_sent(self) -> None:
        async with self.running() as running, running.connection() as client:
            client.ask("/injecting", "Connection: close")
            rest = await client.rest()

        assert b"x-injected" not in rest
        assert b"200 OK" not in rest

    async def test_head_without_end_is_refused(self) -> None:
        async with self.running(keep_alive_timeout=600) as running, running.connection() as client:
            client.send(b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"X-Name: value\r\n" * 50_000)
            await client.rest()

        assert running.application.scopes == []

    async def test_offer_of_http2_over_an_upgrade_is_ignored(self) -> None:
        offer = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAAQAAP__")
        async with self.running() as running, running.connection() as client:
            answer = await client.get("/", *offer)

        assert (answer.status, answer.body) == (200, b"ok")

    async def test_body_after_such_an_offer_is_no_further_request(self) -> None:
        hidden = b"GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n"
        offer = ("Connection: Upgrade", "Upgrade: h2c")
        async with self.running() as running, running.connection() as client:
            client.ask("/length", *offer, f"Content-Length: {len(hidden)}", method="POST")
            client.send(hidden)
            answer, further = await client.answer(), await client.get("/further")

        assert (answer.status, int(answer.body), further.status) == (200, len(hidden), 200)
        assert [scope["path"] for scope in running.application.scopes] == ["/length", "/further"]

    async def test_websocket_sends_back_and_hears_of_its_end(self) -> None:
        async with self.running(state={"pool": "the pool"}) as running, running.connection() as client:
            handshake = await client.open_websocket("/echo")
            client.send_frame(_TEXT, b"hello")
            echo = await client.frame()
            client.send_frame(_CLOSE, (1000).to_bytes(2, "big"))
            await until(lambda: bool(running.application.disconnects))

        assert (handshake.status, echo) == (101, (_TEXT, b"hello"))
        assert running.application.scopes[0]["state"] == {"pool": "the pool"}
        assert running.application.disconnects == [1000]

    async def test_unix_socket_is_served(self, tmp_path: Path) -> None:
        async with (
            self.running(uds=str(tmp_path / "server.sock")) as running,
            running.connection() as client,
        ):
            first, second = await client.get(), await client.get()
            await running.engine.finish(20)

        assert (first.status, second.status) == (200, 200)

    async def test_access_is_logged_where_it_is_wanted(self, caplog: Any) -> None:
        async with self.running(access_log=True) as running, running.connection() as client:
            await client.get("/wanted%0Aline?x=1")

        lines = [record.getMessage() for record in caplog.records if "wanted" in record.getMessage()]
        assert len(lines) == 1
        assert "200" in lines[0]
        assert "\n" not in lines[0]

    async def test_access_is_not_logged_otherwise(self, caplog: Any) -> None:
        caplog.set_level(logging.INFO)
        async with self.running() as running, running.connection() as client:
            await client.get()
            await client.open_websocket()
            await running.engine.finish(20)

        assert [record.getMessage() for record in caplog.records] == []

# SPDX-License-Identifier: Apache-2.0
"""What every server does, tested through a real socket."""

import asyncio
import socket
import threading
from typing import Any

from pyfly.config.properties.server import ServerProperties
from pyfly.context.serving import current_serving
from pyfly.server.asgi import Receive, Scope, Send
from pyfly.server.exceptions import AddressUnavailableError, ApplicationStartupError, RefusedSettingError
from pyfly.server.ports.outbound import ApplicationServerPort
from pyfly.server.ports.server_stats import ServerStatsPort
from pyfly.server.testing.raw_client import Connection, RawAnswer
from pyfly.server.testing.recording_application import RecordingApplication
from pyfly.server.testing.running_server import free_port, running_server

__all__ = ["ApplicationServerContract"]

_DEADLINE = 30.0


def _settings(**values: Any) -> ServerProperties:
    return ServerProperties(host="127.0.0.1", **{"port": 0, **values})


class ApplicationServerContract:
    """Start, serve, drain and stop, the same for every server.

    A derived class defines `new_adapter`.
    """

    def new_adapter(self) -> Any:
        """Return an adapter that was not started yet."""
        raise NotImplementedError

    async def _refusal(self, error: type[Exception], app: Any = None, **values: Any) -> Any:
        try:
            await asyncio.wait_for(
                self.new_adapter().serve_async(app or RecordingApplication(), _settings(**values)), _DEADLINE
            )
        except error as refusal:
            return refusal

        raise AssertionError(f"{error.__name__} was not raised")

    async def test_adapter_has_the_ports_and_may_be_stopped_before_it_starts(self) -> None:
        adapter = self.new_adapter()

        adapter.shutdown()

        assert isinstance(adapter, ApplicationServerPort)
        assert isinstance(adapter, ServerStatsPort)

    async def test_info_before_start_tells_the_version_alone(self) -> None:
        info = self.new_adapter().server_info

        assert (info.workers, info.event_loop, info.http_protocol) == (0, "unknown", "unknown")
        assert (info.host, info.port) == ("0.0.0.0", 0)
        assert info.version not in ("", "unknown")

    async def test_requests_are_answered_between_start_and_stop(self) -> None:
        app, adapter = RecordingApplication(), self.new_adapter()

        async with (
            running_server(app, adapter) as info,
            Connection.opened(info.host, info.port) as connection,
        ):
            answer = await connection.get("/orders?page=2")

        assert (answer.status, answer.body) == (200, b"ok")
        assert app.scopes[0]["path"] == "/orders"
        assert app.scopes[0]["query_string"] == b"page=2"
        assert app.events == ["started", "request", "before stop", "stopped"]

    async def test_effective_values_are_known_while_it_serves(self) -> None:
        async with running_server(RecordingApplication(), self.new_adapter()) as info:
            assert (info.host, info.workers) == ("127.0.0.1", 1)
            assert info.port > 0
            assert info.event_loop in ("asyncio", "uvloop", "winloop")
            assert "h1" in info.http_protocol.split("+")

    async def test_each_request_has_a_copy_of_the_state_of_the_lifespan(self) -> None:
        app = RecordingApplication()

        async with (
            running_server(app, self.new_adapter()) as info,
            Connection.opened(info.host, info.port) as connection,
        ):
            await connection.get()
            app.scopes[0]["state"]["shop"] = "closed"
            await connection.get()

        assert app.scopes[1]["state"]["shop"] == "open"

    async def test_connection_is_kept_and_closed_when_it_is_idle(self) -> None:
        config = _settings(keep_alive_timeout=1)
        async with (
            running_server(RecordingApplication(), self.new_adapter(), config) as info,
            Connection.opened(info.host, info.port) as connection,
        ):
            first, second = await connection.get(), await connection.get()
            rest = await connection.end()

        assert (first.status, second.status, rest) == (200, 200, b"")

    async def test_without_keep_alive_the_connection_ends_with_its_answer(self) -> None:
        config = _settings(keep_alive_timeout=0)
        async with (
            running_server(RecordingApplication(), self.new_adapter(), config) as info,
            Connection.opened(info.host, info.port) as connection,
        ):
            answer = await connection.get()
            rest = await connection.end()

        assert (answer.status, rest) == (200, b"")

    async def test_request_in_flight_is_answered_after_a_stop_was_asked_for(self) -> None:
        app, adapter = RecordingApplication(), self.new_adapter()
        async with (
            running_server(app, adapter) as info,
            Connection.opened(info.host, info.port) as connection,
        ):
            connection.send("/slow")
            await asyncio.wait_for(app.in_flight.wait(), _DEADLINE)
            adapter.shutdown()
            await self._until_refused(info.host, info.port)
            app.release.set()
            answer = await connection.read()
            rest = await connection.end()

        assert (answer.status, answer.body, rest) == (200, b"ok", b"")
        assert app.events == ["started", "request", "before stop", "stopped"]

    async def test_client_that_is_busy_on_a_connection_loses_no_request(self) -> None:
        app, adapter = RecordingApplication(), self.new_adapter()
        async with (
            running_server(app, adapter) as info,
            Connection.opened(info.host, info.port) as connection,
        ):
            answers = [await connection.get()]
            adapter.shutdown()
            while "close" not in answers[-1].headers.get("connection", ""):
                answers.append(await connection.get())

            rest = await connection.end()

        assert {answer.status for answer in answers} == {200}
        assert rest == b""

    async def test_request_that_takes_too_long_is_cancelled_and_the_application_stopped(self) -> None:
        app, adapter = RecordingApplication(), self.new_adapter()
        async with (
            running_server(app, adapter, _settings(graceful_timeout=1)) as info,
            Connection.opened(info.host, info.port) as connection,
        ):
            connection.send("/slow")
            await asyncio.wait_for(app.in_flight.wait(), _DEADLINE)
            adapter.shutdown()
            await connection.end()

        assert app.cancelled == 1
        assert app.events[-1] == "stopped"

    async def test_stop_may_be_asked_for_from_another_thread(self) -> None:
        app, adapter = RecordingApplication(), self.new_adapter()
        async with running_server(app, adapter) as info:
            thread = threading.Thread(target=adapter.shutdown)
            thread.start()
            await self._until_refused(info.host, info.port)
            thread.join()

        assert app.events[-1] == "stopped"

    async def test_cancelling_stops_as_gracefully_and_frees_the_port(self) -> None:
        app, adapter, port = RecordingApplication(), self.new_adapter(), free_port()
        serving = asyncio.ensure_future(adapter.serve_async(app, _settings(port=port)))
        await self._until_accepted(port)

        serving.cancel()
        outcome = await asyncio.wait_for(asyncio.gather(serving, return_exceptions=True), _DEADLINE)

        assert isinstance(outcome[0], asyncio.CancelledError)
        assert app.events[-1] == "stopped"
        socket.create_server(("127.0.0.1", port)).close()

    async def test_failing_handler_is_a_500_and_the_server_goes_on(self) -> None:
        async with running_server(RecordingApplication(), self.new_adapter()) as info:
            failed = await self._once(info.host, info.port, "/fail")
            answer = await self._once(info.host, info.port, "/")

        assert (failed.status, answer.status) == (500, 200)

    async def test_application_without_lifespan_is_served(self) -> None:
        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                raise RuntimeError("only HTTP")

            headers = [(b"content-length", b"2")]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": b"ok"})

        async with running_server(app, self.new_adapter()) as info:
            answer = await self._once(info.host, info.port, "/")

        assert answer.body == b"ok"

    async def test_application_hears_when_it_is_served_and_when_that_ends(self) -> None:
        inner, port, heard = RecordingApplication(), free_port(), asyncio.Event()

        async def listening() -> None:
            inner.events.append("listening")
            heard.set()
            async with Connection.opened("127.0.0.1", port):
                pass

        async def stopping() -> None:
            inner.events.append("stopping")

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            serving = current_serving.get() if scope["type"] == "lifespan" else None
            if serving is not None:
                serving.listening.append(listening)
                serving.stopping.append(stopping)

            await inner(scope, receive, send)

        async with running_server(app, self.new_adapter(), _settings(port=port)):
            await asyncio.wait_for(heard.wait(), _DEADLINE)

        assert inner.events == ["started", "listening", "stopping", "before stop", "stopped"]

    async def test_start_that_fails_is_raised_with_its_cause(self) -> None:
        failure = OSError("no database")

        error = await self._refusal(ApplicationStartupError, RecordingApplication(failure))

        assert error.__cause__ is failure
        assert "OSError: no database" in str(error)

    async def test_start_that_fails_with_a_message_is_raised_with_it(self) -> None:
        error = await self._refusal(ApplicationStartupError, RecordingApplication(message="no stock"))

        assert "no stock" in str(error)

    async def test_busy_port_is_told_before_the_application_starts(self) -> None:
        app = RecordingApplication()
        with socket.create_server(("127.0.0.1", 0)) as other:
            port = other.getsockname()[1]
            error = await self._refusal(AddressUnavailableError, app, port=port)

        assert error.in_use
        assert app.events == []

    async def test_settings_that_are_wrong_are_refused(self) -> None:
        wrong: dict[str, Any] = {
            "http": "9",
            "backlog": 0,
            "graceful_timeout": 0,
            "keep_alive_timeout": -1,
            "request_header_timeout": -1,
            "max_requests_per_worker": 0,
            "max_concurrent_connections": 0,
            "ssl_certfile": "nowhere.pem",
            "ssl_keyfile": "nowhere.pem",
        }
        for name, value in wrong.items():
            error = await self._refusal(RefusedSettingError, **{name: value})
            assert error.key.startswith(f"pyfly.server.{name.replace('_', '-')[:3]}")

    async def test_what_needs_processes_is_refused_in_a_running_loop(self) -> None:
        workers = await self._refusal(RefusedSettingError, workers=2)
        requests = await self._refusal(RefusedSettingError, max_requests_per_worker=100)

        assert workers.key == "pyfly.server.workers"
        assert requests.key == "pyfly.server.max-requests-per-worker"

    async def test_statistics_count_requests_while_it_serves(self) -> None:
        adapter = self.new_adapter()
        before = adapter.sample()
        async with running_server(RecordingApplication(), adapter) as info:
            await self._once(info.host, info.port, "/")
            during = adapter.sample()

        assert (before.workers, before.total_requests) == (1, None)
        assert (during.workers, during.total_requests) == (1, 1)
        assert during.server_uptime_seconds > 0.0

    async def test_two_servers_run_in_one_loop(self) -> None:
        one, other = RecordingApplication(), RecordingApplication()
        async with (
            running_server(one, self.new_adapter()) as first,
            running_server(other, self.new_adapter()) as second,
        ):
            await self._once(first.host, first.port, "/one")
            await self._once(second.host, second.port, "/other")

        assert [scope["path"] for scope in (*one.scopes, *other.scopes)] == ["/one", "/other"]

    async def _once(self, host: str, port: int, path: str) -> RawAnswer:
        async with Connection.opened(host, port) as connection:
            return await connection.get(path)

    async def _until_accepted(self, port: int) -> None:
        async with asyncio.timeout(_DEADLINE):
            while True:
                try:
                    async with Connection.opened("127.0.0.1", port):
                        return
                except OSError:
                    await asyncio.sleep(0.01)

    async def _until_refused(self, host: str, port: int) -> None:
        """Wait until the server lets no new client in: it refuses or ignores them."""
        async with asyncio.timeout(_DEADLINE):
            while True:
                try:
                    async with asyncio.timeout(0.5):
                        _, writer = await asyncio.open_connection(host, port)
                except (OSError, TimeoutError):
                    return

                writer.close()
                await asyncio.sleep(0.01)

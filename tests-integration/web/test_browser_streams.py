# SPDX-License-Identifier: Apache-2.0
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

APPLICATION = '''\
import asyncio
from contextlib import asynccontextmanager

from starlette.responses import HTMLResponse

from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.web import get_mapping, rest_controller
from pyfly.web.adapters.starlette.app import create_app
from pyfly.web.sse import LastEventId, SseEvent, sse_mapping
from pyfly.websocket import WebSocketSession, websocket_mapping

EVENTS = """<!doctype html><title>events</title><script>
var numbers = [], opened = 0;
var source = new EventSource("/numbers");
source.onopen = () => { opened += 1; };
source.addEventListener("number", event => numbers.push(JSON.parse(event.data).number));
</script>"""

MESSAGES = """<!doctype html><title>messages</title><script>
var echoes = [], closings = [], unsent = [], socket = null;
function connect() {
  socket = new WebSocket("ws://" + location.host + "/echo", ["v2", "v1"]);
  socket.onopen = () => { while (unsent.length) socket.send(unsent.shift()); };
  socket.onmessage = event => echoes.push(event.data);
  socket.onclose = event => { closings.push(event.code); setTimeout(connect, 50); };
}
function say(text) {
  if (socket.readyState === WebSocket.OPEN) socket.send(text); else unsent.push(text);
}
connect();
</script>"""


@rest_controller
class Pages:
    def __init__(self) -> None:
        self.last_ids: list[str] = []

    @get_mapping("/events")
    async def events(self) -> HTMLResponse:
        return HTMLResponse(EVENTS)

    @get_mapping("/messages")
    async def messages(self) -> HTMLResponse:
        return HTMLResponse(MESSAGES)

    @get_mapping("/last-ids")
    async def known(self) -> list[str]:
        return self.last_ids

    @sse_mapping("/numbers")
    async def numbers(self, last: LastEventId):
        self.last_ids.append(last)
        first = int(last or 0) + 1
        for number in range(first, first + 5):
            yield SseEvent({"number": number}, "number", number, retry=20)
            await asyncio.sleep(0.01)

        if number < 15:
            return

        while True:
            await asyncio.sleep(0.05)
            number += 1
            yield SseEvent({"number": number}, "number", number)

    @websocket_mapping("/echo", subprotocols=["v1"])
    async def echo(self, session: WebSocketSession) -> None:
        await session.accept()
        async for message in session:
            await session.send_text(f"{session.subprotocol}: {message}")
            if message == "drop me":
                await session.close(4000, "as you like")


@pyfly_application(name="pages", scan_packages=["shop.main"])
class Application:
    pass


pyfly = PyFlyApplication(Application)


@asynccontextmanager
async def lifespan(app):
    await pyfly.startup()
    try:
        yield
    finally:
        await pyfly.shutdown()


app = create_app(title="pages", context=pyfly.context, lifespan=lifespan)
'''

Start = Callable[[], Any]


@pytest.fixture
def port(free_port: Callable[[], int]) -> int:
    return free_port()


@pytest.fixture
def start(tmp_path: Path, pyfly_run: Any, port: int) -> Start:
    """Start the service, always on the same port."""
    package = tmp_path / "src" / "shop"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "main.py").write_text(APPLICATION)
    (tmp_path / "pyfly.yaml").write_text("pyfly: {app: {module: 'shop.main:app'}, banner: {mode: 'OFF'}}\n")

    def run() -> Any:
        process = pyfly_run("--host", "127.0.0.1", "--port", str(port), cwd=tmp_path)
        process.wait_for_port(port)
        return process

    return run


@pytest.fixture
def value(browser: Any) -> Callable[[str], Any]:
    """Ask the page for the value of an expression."""

    def ask(expression: str) -> Any:
        return browser.execute_script(f"return {expression}")

    return ask


def test_page_gets_each_event_once_though_its_stream_ends(
    start: Start, port: int, browser: Any, value: Any, until: Any
) -> None:
    start()
    browser.get(f"http://127.0.0.1:{port}/events")

    until(lambda: value("numbers.length") >= 20, what="twenty numbers")

    assert value("numbers.slice(0, 20)") == list(range(1, 21))
    assert value("opened") == 3
    browser.get(f"http://127.0.0.1:{port}/last-ids")
    assert json.loads(browser.find_element("tag name", "body").text) == ["", "5", "10"]


def test_page_goes_on_after_the_server_has_crashed(
    start: Start, port: int, browser: Any, value: Any, until: Any
) -> None:
    service = start()
    browser.get(f"http://127.0.0.1:{port}/events")
    until(lambda: value("numbers.length") >= 20, what="twenty numbers")

    service.kill()
    until(lambda: value("source.readyState") == 0, what="the page to notice")
    seen = value("numbers.length")
    start()
    until(lambda: value("numbers.length") >= seen + 20, what="twenty more numbers")

    numbers = value("numbers")
    assert numbers == list(range(1, len(numbers) + 1))


def test_page_goes_on_after_a_graceful_restart(
    start: Start, port: int, browser: Any, value: Any, until: Any
) -> None:
    service = start()
    browser.get(f"http://127.0.0.1:{port}/events")
    until(lambda: value("numbers.length") >= 20, what="twenty numbers")

    exit_code = service.stop()
    start()
    seen = value("numbers.length")
    until(lambda: value("numbers.length") >= seen + 20, what="twenty more numbers")

    numbers = value("numbers")
    assert exit_code == 0
    assert numbers == list(range(1, len(numbers) + 1))


def test_page_talks_over_a_websocket_and_connects_again(
    start: Start, port: int, browser: Any, value: Any, until: Any
) -> None:
    service = start()
    browser.get(f"http://127.0.0.1:{port}/messages")
    browser.execute_script("say('hello'); say('drop me')")
    until(lambda: value("closings.length") == 1, what="the connection to be dropped")
    browser.execute_script("say('hello again')")
    until(lambda: value("echoes.length") == 3, what="the next connection")

    assert service.stop() == 0
    start()
    browser.execute_script("say('and after the restart')")
    until(lambda: value("echoes.length") == 4, what="the connection after the restart")

    assert value("echoes") == ["v1: hello", "v1: drop me", "v1: hello again", "v1: and after the restart"]
    assert value("closings.slice(0, 2)") == [4000, 1001]


def test_page_of_another_origin_gets_no_websocket(
    start: Start, port: int, browser: Any, value: Any, until: Any
) -> None:
    start()
    browser.get(f"http://localhost:{port}/events")

    browser.execute_script(
        f"window.codes = []; const socket = new WebSocket('ws://127.0.0.1:{port}/echo');"
        "socket.onclose = event => codes.push(event.code)"
    )
    until(lambda: value("codes.length") == 1, what="the refusal")

    # Browsers tell pages nothing about a handshake that has failed.
    assert value("codes") == [1006]

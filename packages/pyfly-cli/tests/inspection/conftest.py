# SPDX-License-Identifier: Apache-2.0
import json
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Run = Callable[..., Result]

SHOP = '''
import logging
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from pyfly.config.binding import config_properties
from pyfly.container import Provider, bean, component, configuration, repository, service
from pyfly.context import conditional_on_missing_bean, conditional_on_property, post_construct
from pyfly.core import PyFlyApplication, pyfly_application

print("the shop is imported")


def made(what: str) -> None:
    with open("made.txt", "a") as file:
        file.write(what + "\\n")


@config_properties("shop")
@dataclass
class ShopProperties:
    """Settings of the shop.

    Attributes:
        name: What it is called.
        max_lines: Lines of an order.
    """

    name: str = "corner"
    max_lines: int = 20


class Store: ...


@configuration
class Stores:
    def __init__(self) -> None:
        made("stores")

    @bean
    @conditional_on_property("shop.store", "database")
    async def database(self) -> AsyncIterator[Store]:
        made("database")
        yield Store()

    @bean
    @conditional_on_missing_bean(Store)
    def memory(self) -> Store:
        made("memory")
        return Store()


@repository
class Orders:
    def __init__(self, store: Store, shop: ShopProperties) -> None:
        made("orders")


@service(name="till")
class Till:
    def __init__(self, orders: Provider[Orders]) -> None:
        made("till")

    @post_construct
    def open(self) -> None:
        made("open")

    async def start(self) -> None:
        made("start")

    async def stop(self) -> None:
        made("stop")


@component
@conditional_on_property("shop.christmas", "true")
class Tree: ...


@pyfly_application(name="shop")
class Application: ...


def application() -> PyFlyApplication:
    found = PyFlyApplication(Application)
    logging.getLogger("shop").warning("the shop logs")
    for cls in (ShopProperties, Stores, Orders, Till, Tree):
        found.context.register_bean(cls)

    return found


app = application()
'''


@pytest.fixture
def write(pyfly: Run) -> Iterator[Callable[..., None]]:
    """Write modules into the project: ``write(shop="...")``; they are forgotten after the test."""
    names: list[str] = []

    def write(**modules: str) -> None:
        for name, text in modules.items():
            names.append(name)
            Path(f"{name}.py").write_text(text)

    yield write
    forget(names)


def forget(names: Iterable[str]) -> None:
    for name in names:
        sys.modules.pop(name, None)


@pytest.fixture
def shop(write: Callable[..., None], pyfly: Run) -> Run:
    """Run the command in the folder of an application without a web: ``shop("beans")``."""
    write(inspected_shop=SHOP)
    Path("pyfly.yaml").write_text("pyfly:\n  app:\n    module: inspected_shop:app\nshop:\n  max-lines: 7\n")

    def run(*args: str) -> Result:
        forget(["inspected_shop", "inspected_targets"])
        return pyfly(*args)

    return run


@pytest.fixture
def as_json(shop: Run) -> Callable[..., Any]:
    """Run a command with ``--json`` and return what it prints."""

    def run(*args: str) -> Any:
        result = shop(*args, "--json")
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    return run


class Actuator:
    """An HTTP server that answers what it is told to.

    Attributes:
        url: Its address.
        answers: By path: what is answered with status 200 as JSON, or a status and headers.
        seen: The path and headers of each request.
    """

    def __init__(self) -> None:
        self.answers: dict[str, Any] = {}
        self.seen: list[tuple[str, dict[str, str]]] = []
        self._released = threading.Event()
        actuator = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                actuator.seen.append((self.path, {key.lower(): value for key, value in self.headers.items()}))
                actuator._answer(self)

            def log_message(self, *args: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self) -> None:
        self._released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        answer = self.answers.get(request.path, (404, {}))
        if answer == "silence":
            self._released.wait(60)
            return

        status, headers = answer if isinstance(answer, tuple) else (200, {})
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        request.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            request.send_header(name, value)

        request.end_headers()
        request.wfile.write(body)


@pytest.fixture
def actuator() -> Iterator[Actuator]:
    """Serve the actuator of an application that runs."""
    server = Actuator()
    yield server
    server.close()

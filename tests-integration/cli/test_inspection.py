# SPDX-License-Identifier: Apache-2.0
"""Applications looked at from a shell: nothing of them is started, and the output is what was asked for."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Timer
from typing import Any

import httpx
import pytest
import yaml

ORDERS = Path(__file__).parents[2] / "examples" / "orders"
PYFLY = str(Path(sys.executable).parent / "pyfly")
DEADLINE = 120.0

BEANS = '''
from dataclasses import dataclass

from pyfly.config.binding import config_properties
from pyfly.container import component, rest_controller, service
from pyfly.context import ContextRefreshedEvent, app_event_listener, conditional_on_property
from pyfly.web import get_mapping
from pyfly.web.openapi import OpenApiCustomizer

print("the shop is imported")


def made(what):
    with open("made.txt", "a") as file:
        file.write(what + "\\n")


@config_properties("shop")
@dataclass
class Shop:
    """Settings of the shop.

    Attributes:
        contact: Whom to ask.
    """

    contact: str = "nobody"


@service
class Database:
    def __init__(self) -> None:
        made("database")

    async def start(self) -> None:
        made("start")

    async def stop(self) -> None:
        made("stop")

    @app_event_listener
    def refreshed(self, event: ContextRefreshedEvent) -> None:
        made("refreshed")


@rest_controller
class Controller:
    def __init__(self, database: Database) -> None:
        made("controller")

    @get_mapping("/teas")
    async def teas(self) -> list[str]:
        return ["green"]


@rest_controller
@conditional_on_property("shop.cellar", "true")
class CellarController:
    @get_mapping("/cellar")
    async def cellar(self) -> str:
        return "wine"


@component
class Contact(OpenApiCustomizer):
    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def customize(self, document):
        document["info"]["contact"] = {"name": self._shop.contact}


@component
@conditional_on_property("shop.tagged", "true")
class Tags(OpenApiCustomizer):
    def __init__(self, database: Database) -> None: ...

    def customize(self, document):
        document["info"]["title"] = "tagged"
'''

MAIN = """
from contextlib import asynccontextmanager

from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.web import create_app


class Around:
    def __init__(self, app):
        self.app = app

    async def __call__(self, scope, receive, send):
        await self.app(scope, receive, send)


@pyfly_application(name="shop", scan_packages=["shop.beans"])
class Application: ...


def build():
    pyfly = PyFlyApplication(Application)

    @asynccontextmanager
    async def lifespan(_):
        await pyfly.startup()
        try:
            yield
        finally:
            await pyfly.shutdown()

    return create_app(title="shop", context=pyfly.context, lifespan=lifespan)


app = build()
around = Around(Around(app))
"""


def environment(**variables: str) -> dict[str, str]:
    # What a run of tests says about its own output is not for what it runs.
    hidden = ("COLUMNS", "FORCE_COLOR", "NO_COLOR")
    kept = {key: value for key, value in os.environ.items() if "PYFLY_" not in key.upper()}
    kept = {key: value for key, value in kept.items() if key not in hidden}
    return {**kept, "COLUMNS": "200", **variables}


def pyfly(*args: str, cwd: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PYFLY, *args],
        cwd=cwd,
        env=environment(**variables),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=DEADLINE,
    )


def on_terminal(*args: str, cwd: Path) -> str:
    """Run the command on a terminal, and return what it shows there."""
    ours, theirs = pty.openpty()
    shown = bytearray()
    with subprocess.Popen(
        [PYFLY, *args],
        cwd=cwd,
        env=environment(TERM="xterm-256color"),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        patience = Timer(DEADLINE, process.kill)
        patience.start()
        while chunk := _read(ours):
            shown += chunk

        os.close(ours)
        code = process.wait()
        patience.cancel()

    assert code == 0, shown
    return shown.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:
        # On Linux that is how a terminal says that nobody writes to it any more.
        return b""


@pytest.fixture(params=["starlette", "fastapi"])
def adapter(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "src" / "shop").mkdir(parents=True)
    (tmp_path / "src" / "shop" / "beans.py").write_text(BEANS)
    (tmp_path / "src" / "shop" / "main.py").write_text(MAIN)
    (tmp_path / "pyfly.yaml").write_text("pyfly: {banner: {mode: 'OFF'}}\nshop: {contact: Ada}\n")
    return tmp_path


COMMANDS = ["routes", "beans", "conditions", "env", "config", "openapi"]


@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_of_the_application_is_made(shop: Path, adapter: str, command: str) -> None:
    done = pyfly(command, "--json", cwd=shop, PYFLY_WEB_ADAPTER=adapter)

    assert done.returncode == 0, done.stderr
    json.loads(done.stdout)
    assert "the shop is imported" in done.stderr
    assert not (shop / "made.txt").exists()


def test_routes_of_every_kind_are_told(adapter: str) -> None:
    done = pyfly("routes", "--json", cwd=ORDERS, PYFLY_WEB_ADAPTER=adapter)

    mappings = json.loads(done.stdout)["contexts"]["application"]["mappings"]
    entries = {it["predicate"]: it for it in mappings["dispatcherServlets"]["dispatcherServlet"]}
    assert list(entries) == sorted(entries)
    assert {
        "{POST /orders}",
        "{GET /orders/{order_id:uuid}}",
        "{GET /orders/events}",
        "{WEBSOCKET /orders/board}",
        "{GET /openapi.json}",
    } <= entries.keys()
    assert entries["{GET /exports/orders.csv}"] == {
        "handler": "ExportController#as_csv",
        "predicate": "{GET /exports/orders.csv}",
        "details": {
            "handlerMethod": {
                "className": "orders.web.export_controller.ExportController",
                "name": "as_csv",
            },
            "requestMappingConditions": {
                "methods": ["GET"],
                "patterns": ["/exports/orders.csv"],
                "produces": ["text/csv"],
                "consumes": [],
            },
            "kind": "http",
            "name": "ExportController.as_csv",
        },
    }
    assert entries["{GET /orders/events}"]["details"]["kind"] == "sse"
    assert entries["{WEBSOCKET /orders/board}"]["handler"] == "LiveController#board"


def test_conditions_and_options_decide_which_routes_there_are(shop: Path, adapter: str) -> None:
    without = pyfly("routes", cwd=shop, PYFLY_WEB_ADAPTER=adapter).stdout
    with_it = pyfly("routes", "-D", "shop.cellar=true", cwd=shop, PYFLY_WEB_ADAPTER=adapter).stdout

    assert ("/cellar" in without, "/cellar" in with_it) == (False, True)


def test_an_application_is_found_within_its_middleware(shop: Path) -> None:
    assert "/teas" in pyfly("routes", "--app", "shop.main:around", cwd=shop).stdout


def test_the_document_is_the_one_that_is_served(
    shop: Path, adapter: str, pyfly_run: Callable[..., Any], free_port: Callable[[], int]
) -> None:
    port = free_port()
    offline = pyfly("openapi", cwd=shop, PYFLY_WEB_ADAPTER=adapter)
    service = pyfly_run("--port", str(port), cwd=shop, env={"PYFLY_WEB_ADAPTER": adapter})
    service.wait_for_port(port)
    url = f"http://127.0.0.1:{port}"

    served = httpx.get(f"{url}/openapi.json", timeout=30).json()
    remote = pyfly("openapi", "--url", url, cwd=shop)
    service.stop()

    assert json.loads(offline.stdout) == served
    assert served["info"]["contact"] == {"name": "Ada"}
    assert json.loads(remote.stdout) == served


def test_the_document_of_the_example_is_the_one_that_is_served(
    adapter: str, pyfly_run: Callable[..., Any], free_port: Callable[[], int]
) -> None:
    port = free_port()
    offline = pyfly("openapi", cwd=ORDERS, PYFLY_WEB_ADAPTER=adapter)
    service = pyfly_run("--port", str(port), cwd=ORDERS, env={"PYFLY_WEB_ADAPTER": adapter})
    service.wait_for_port(port)

    served = httpx.get(f"http://127.0.0.1:{port}/openapi.json", timeout=30).json()
    service.stop()

    assert json.loads(offline.stdout) == served


def test_the_document_is_written_to_a_file_in_its_form(shop: Path) -> None:
    printed = pyfly("openapi", cwd=shop)
    to_yaml = pyfly("openapi", "-o", "api.yaml", cwd=shop)
    to_json = pyfly("openapi", "-o", "api.json", cwd=shop)

    assert (to_yaml.stdout, to_json.stdout) == ("", "")
    assert (shop / "api.json").read_text() == printed.stdout
    assert yaml.safe_load((shop / "api.yaml").read_text()) == json.loads(printed.stdout)


def test_what_has_no_say_in_the_document_is_named(shop: Path) -> None:
    done = pyfly("openapi", "-D", "shop.tagged=true", cwd=shop)

    assert "Warning: Not asked, as they need more than settings: Tags." in done.stderr
    assert json.loads(done.stdout)["info"]["title"] == "shop"
    assert not (shop / "made.txt").exists()


def test_a_service_without_an_actuator_says_so(
    shop: Path, pyfly_run: Callable[..., Any], free_port: Callable[[], int]
) -> None:
    port = free_port()
    service = pyfly_run("--port", str(port), cwd=shop)
    service.wait_for_port(port)

    done = pyfly("beans", "--url", f"http://127.0.0.1:{port}", cwd=shop)
    service.stop()

    assert done.returncode == 1
    assert done.stdout == ""
    assert f"There is no actuator at http://127.0.0.1:{port}/actuator." in done.stderr


@pytest.mark.parametrize("command", ["routes", "beans", "conditions", "env", "config"])
def test_a_table_has_frames_and_colours_on_a_terminal_alone(shop: Path, command: str) -> None:
    shown = on_terminal(command, cwd=shop)
    piped = pyfly(command, cwd=shop).stdout

    assert "\x1b[" in shown
    assert "╭" in shown
    assert "\x1b[" not in piped
    assert "╭" not in piped
    assert len(piped.splitlines()) > 2


def test_json_is_plain_on_a_terminal_too(shop: Path) -> None:
    shown = on_terminal("beans", "--json", cwd=shop)

    assert json.loads(shown[shown.index("{") :])["contexts"]["application"]["beans"]["Controller"]


def test_the_configuration_tells_the_keys_of_the_application(shop: Path) -> None:
    (shop / "pyfly-dev.yaml").write_text("shop: {contcat: Bob}\n")

    lines = pyfly("config", "shop", "-p", "dev", cwd=shop).stdout.splitlines()

    assert lines[1].split() == ["shop.contact", "Ada", "pyfly.yaml,", "line", "2", "nobody"]
    assert lines[2].endswith("unknown, did you mean shop.contact?")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_needs_no_application(command: str) -> None:
    code = (
        "import sys; from click.testing import CliRunner; from pyfly.cli.main import cli;"
        f"result = CliRunner().invoke(cli, [{command!r}, '--help']);"
        "heavy = {'rich', 'yaml', 'pyfly.core', 'pyfly.config.store', 'pyfly.web', 'urllib.request'};"
        "print(result.exit_code, sorted(heavy & sys.modules.keys()))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=DEADLINE, check=True
    )

    assert done.stdout.strip() == "0 []"

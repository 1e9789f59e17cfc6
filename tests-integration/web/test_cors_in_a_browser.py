# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from selenium.webdriver import Chrome

APPLICATION = """\
from contextlib import asynccontextmanager

from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.web import Body, Cookie, get_mapping, put_mapping, rest_controller
from pyfly.web.adapters.starlette.app import create_app
from starlette.responses import JSONResponse


@rest_controller
class TeaController:
    @get_mapping("/tea")
    async def tea(self, cup: Cookie[str] = "none") -> dict[str, str]:
        return {"cup": cup}

    @get_mapping("/cup")
    async def cup(self) -> JSONResponse:
        return JSONResponse({}, headers={"set-cookie": "cup=full"})

    @put_mapping("/tea")
    async def pour(self, amount: Body[int]) -> int:
        return amount


@pyfly_application(name="shop", scan_packages=["shop.main"])
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


app = create_app(title="shop", context=pyfly.context, lifespan=lifespan)
"""

SETTINGS = """\
pyfly:
  app: {module: 'shop.main:app'}
  web:
    cors:
      enabled: true
      allowed-origins: ORIGIN
      allowed-methods: [GET, PUT]
      allow-credentials: true
"""

FETCH = """\
const [url, options, done] = arguments;
fetch(url, options)
  .then(async answer => done({status: answer.status, type: answer.type, body: await answer.text()}))
  .catch(error => done({failed: error.name}));
"""


@pytest.fixture
def page(tmp_path: Path) -> Iterator[str]:
    """Serve an empty page, and give its origin."""
    (tmp_path / "pages").mkdir()
    (tmp_path / "pages" / "index.html").write_text("<!doctype html><title>page</title>")
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(tmp_path / "pages"))
    )
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(10)


@pytest.fixture
def service(tmp_path: Path, page: str, pyfly_run: Any, free_port: Any) -> Callable[[str], str]:
    def start(origin: str = page) -> str:
        package = tmp_path / "src" / "shop"
        package.mkdir(parents=True)
        (package / "__init__.py").touch()
        (package / "main.py").write_text(APPLICATION)
        (tmp_path / "pyfly.yaml").write_text(SETTINGS.replace("ORIGIN", origin))
        port = free_port()
        pyfly_run("--host", "127.0.0.1", "--port", str(port), cwd=tmp_path).wait_for_port(port)
        return f"http://127.0.0.1:{port}"

    return start


@pytest.fixture
def fetch(browser: Chrome, page: str) -> Callable[..., Any]:
    browser.get(page)

    def run(url: str, **options: Any) -> Any:
        return browser.execute_async_script(FETCH, url, options)

    return run


def test_page_of_an_allowed_origin_reads_answers_and_errors(service: Any, fetch: Callable[..., Any]) -> None:
    url = service()
    json = {"Content-Type": "application/json", "Idempotency-Key": "k"}

    read = fetch(f"{url}/tea")
    missing = fetch(f"{url}/nothing")
    poured = fetch(f"{url}/tea", method="PUT", headers=json, body="3")
    wrong = fetch(f"{url}/tea", method="PUT", headers=json, body='"much"')

    assert (read["status"], read["type"], read["body"]) == (200, "cors", '{"cup":"none"}')
    assert (missing["status"], '"code":"NOT_FOUND"' in missing["body"]) == (404, True)
    assert (poured["status"], poured["body"]) == (200, "3")
    assert (wrong["status"], '"code":"VALIDATION_ERROR"' in wrong["body"]) == (422, True)


def test_credentials_are_sent_where_they_are_allowed(service: Any, fetch: Callable[..., Any]) -> None:
    url = service()

    fetch(f"{url}/cup", credentials="include")

    assert fetch(f"{url}/tea", credentials="include")["body"] == '{"cup":"full"}'


def test_method_that_is_not_allowed_is_not_sent(service: Any, fetch: Callable[..., Any]) -> None:
    assert fetch(f"{service()}/tea", method="DELETE") == {"failed": "TypeError"}


def test_page_of_another_origin_reads_nothing(service: Any, fetch: Callable[..., Any]) -> None:
    assert fetch(f"{service('https://shop.example.com')}/tea") == {"failed": "TypeError"}

# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from pyfly.config.errors import BindingError, ConfigurationError
from pyfly.config.store import Config
from pyfly.context.application_context import ApplicationContext
from pyfly.web import get_mapping, rest_controller
from pyfly.web.adapters.starlette.app import create_app
from pyfly.web.testing.asgi_client import AsgiClient

ServeFiles = Callable[..., AbstractContextManager[TestClient]]


@rest_controller
class PageController:
    @get_mapping("/static/dynamic.txt")
    async def dynamic(self) -> str:
        return "from the controller"

    @get_mapping("/hello")
    async def hello(self) -> str:
        return "hello"


def context_with(settings: dict[str, Any]) -> ApplicationContext:
    context = ApplicationContext(Config(settings))
    context.register_bean(PageController)
    return context


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder with files, hidden files, links and a neighbour that is not to be served."""
    folder = tmp_path / "public"
    (folder / "css").mkdir(parents=True)
    (folder / ".git").mkdir()
    (folder / ".well-known" / ".inner").mkdir(parents=True)
    (folder / "index.html").write_text("<h1>home</h1>")
    (folder / "404.html").write_text("<h1>missing</h1>")
    (folder / "dynamic.txt").write_text("from the folder")
    (folder / "css" / "site.css").write_text("body {}")
    (folder / "css" / "index.html").write_text("<h1>css</h1>")
    (folder / ".env").write_text("SECRET=1")
    (folder / ".git" / "config").write_text("SECRET=1")
    (folder / ".well-known" / "security.txt").write_text("Contact: us")
    (folder / ".well-known" / ".inner" / "x").write_text("SECRET=1")
    (tmp_path / "secret.txt").write_text("SECRET=1")
    (tmp_path / "public-not").mkdir()
    (tmp_path / "public-not" / "x").write_text("SECRET=1")
    (folder / "leak.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "inside.css").symlink_to(folder / "css" / "site.css")
    return folder


@pytest.fixture
def serve_files(folder: Path) -> ServeFiles:
    """Serve the folder with the given settings of ``pyfly.web.static``."""

    @contextmanager
    def serving(web: dict[str, Any] | None = None, **settings: Any) -> Iterator[TestClient]:
        static = {
            "directory": str(folder),
            **{name.replace("_", "-"): value for name, value in settings.items()},
        }
        context = context_with({"pyfly": {"web": {"static": static, **(web or {})}}})
        yield TestClient(create_app(context=context))

    return serving


def test_nothing_is_served_unless_a_folder_is_named() -> None:
    client = TestClient(create_app(context=context_with({})))

    assert client.get("/static/index.html").status_code == 404


def test_files_are_served_as_they_are(serve_files: ServeFiles) -> None:
    with serve_files() as client:
        answer = client.get("/static/css/site.css")

    assert (answer.status_code, answer.text) == (200, "body {}")
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "x-request-id" in answer.headers
    assert "cache-control" not in answer.headers


def test_path_is_configured(serve_files: ServeFiles) -> None:
    with serve_files(web={"base-path": "/shop"}, path="/assets/") as client:
        statuses = [
            client.get(path).status_code for path in ("/shop/assets/css/site.css", "/assets/css/site.css")
        ]

    assert statuses == [200, 404]


def test_files_may_be_below_no_path_at_all(serve_files: ServeFiles) -> None:
    with serve_files(path="/") as client:
        assert client.get("/css/site.css").text == "body {}"
        assert client.get("/hello").json() == "hello"


def test_controllers_come_first(serve_files: ServeFiles) -> None:
    with serve_files() as client:
        assert client.get("/static/dynamic.txt").json() == "from the controller"


def test_files_are_conditional_and_come_in_ranges(serve_files: ServeFiles) -> None:
    with serve_files(cache_control="public, max-age=3600") as client:
        first = client.get("/static/css/site.css")
        again = client.get("/static/css/site.css", headers={"if-none-match": first.headers["etag"]})
        part = client.get("/static/css/site.css", headers={"range": "bytes=0-3"})

    assert first.headers["cache-control"] == "public, max-age=3600"
    assert (again.status_code, again.headers["cache-control"]) == (304, "public, max-age=3600")
    assert (part.status_code, part.text) == (206, "body")


@pytest.mark.parametrize(
    "target",
    [
        "/static/../secret.txt",
        "/static/%2e%2e/secret.txt",
        "/static/..%2fsecret.txt",
        "/static/css/..%2f..%2fsecret.txt",
        "/static/%5c..%5csecret.txt",
        "/static/../public-not/x",
        "/static//etc/passwd",
        "/static/%2fetc/passwd",
        "/static/leak.txt",
        "/static/index.html%00.txt",
        "/static/" + "n" * 5000,
        "/static/.env",
        "/static/.git/config",
        "/static/css/..%2f.env",
        "/static/.well-known/.inner/x",
        "/static/",
        "/static/css",
    ],
)
async def test_nothing_else_is_served(folder: Path, target: str) -> None:
    app = create_app(context=context_with({"pyfly.web.static.directory": str(folder)}))

    answer = await AsgiClient(app).get(target)

    assert answer.status == 404
    assert "SECRET" not in answer.text
    assert answer.media_type == "application/problem+json"


def test_public_folder_may_begin_with_a_dot(serve_files: ServeFiles) -> None:
    with serve_files() as client:
        assert client.get("/static/.well-known/security.txt").text == "Contact: us"


def test_links_inside_the_folder_are_followed(serve_files: ServeFiles) -> None:
    with serve_files() as client:
        assert client.get("/static/inside.css").text == "body {}"


def test_links_may_lead_out_of_the_folder_if_configured(serve_files: ServeFiles) -> None:
    with serve_files(follow_symlinks=True) as client:
        assert client.get("/static/leak.txt").text == "SECRET=1"


def test_hidden_files_are_served_if_configured(serve_files: ServeFiles) -> None:
    with serve_files(hidden=True) as client:
        assert client.get("/static/.env").text == "SECRET=1"


def test_folders_have_pages_if_configured(serve_files: ServeFiles) -> None:
    with serve_files(html=True) as client:
        home, below = client.get("/static/"), client.get("/static/css/")
        missing = client.get("/static/none")

    assert (home.text, below.text) == ("<h1>home</h1>", "<h1>css</h1>")
    assert (missing.status_code, missing.text) == (404, "<h1>missing</h1>")


def test_other_methods_are_not_allowed(serve_files: ServeFiles) -> None:
    with serve_files() as client:
        answer = client.post("/static/index.html")

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


def test_missing_folder_stops_the_start(tmp_path: Path) -> None:
    context = context_with({"pyfly.web.static.directory": str(tmp_path / "none")})

    with pytest.raises(
        ConfigurationError, match=r"pyfly\.web\.static\.directory: expected an existing folder"
    ):
        create_app(context=context)


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"path": "static"}, "expected a plain path such as /static"),
        ({"path": "/{name}"}, "expected a plain path such as /static"),
        ({"cache-control": "a\r\nb: c"}, "expected one line of ASCII"),
    ],
)
def test_bad_settings_stop_the_start(folder: Path, settings: dict[str, str], problem: str) -> None:
    context = context_with({"pyfly.web.static": {"directory": str(folder), **settings}})

    with pytest.raises(BindingError, match=problem):
        create_app(context=context)

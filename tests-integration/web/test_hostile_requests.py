# SPDX-License-Identifier: Apache-2.0
"""What has brought down, or opened, other web layers: refused here, in bounded time and memory."""

import gzip
import http.client
import json
import socket
import time
from contextlib import suppress
from typing import Any

import pytest

APPLICATION = """\
import pathlib
import re
from contextlib import asynccontextmanager
from pathlib import Path

from pydantic import BaseModel
from pyfly.container import component
from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.kernel import ForbiddenException
from pyfly.web import (
    Body, Cookie, File, FileResult, Form, OncePerRequestFilter, PathVar, QueryParam, UploadedFile, Valid,
    create_app, get_mapping, post_mapping, rest_controller,
)
from starlette.responses import PlainTextResponse


class Item(BaseModel):
    name: str
    tags: list[str] = []


@component
class Gate(OncePerRequestFilter):
    url_patterns = ["/admin*"]

    async def do_filter(self, request, call_next):
        raise ForbiddenException("Not for you", code="CLOSED")


@rest_controller
class Doors:
    @get_mapping("/peak")
    async def peak(self) -> int:
        # Not getrusage: a process begins with the peak of the one that has started it.
        status = pathlib.Path("/proc/self/status").read_text()
        return int(re.search(r"VmHWM:\\s*(\\d+) kB", status).group(1)) * 1024

    @get_mapping("/admin/keys")
    async def keys(self) -> str:
        return "the keys"

    @get_mapping("/open")
    async def open(self) -> str:
        return "open"

    @post_mapping("/items")
    async def place(self, item: Valid[Item]) -> Item:
        return item

    @post_mapping("/anything")
    async def anything(self, value: Body[dict]) -> int:
        return len(value)

    @post_mapping("/upload")
    async def upload(self, document: File[UploadedFile]) -> str:
        folder = Path("uploads")
        folder.mkdir(exist_ok=True)
        await document.save(folder / document.safe_filename)
        return document.safe_filename

    @post_mapping("/form")
    async def form(self, name: Form[str]) -> str:
        return name

    @get_mapping("/file")
    async def file(self) -> FileResult:
        return FileResult(Path("data.bin"))

    @get_mapping("/page")
    async def page(self, number: QueryParam[int] = 1, of: QueryParam[list[int]] = []) -> int:
        return number

    @get_mapping("/theme")
    async def theme(self, name: Cookie[str | None] = None) -> str:
        return name or "none"

    @get_mapping("/paths/{first}-{second}-{third}.txt")
    async def paths(self, first: PathVar[str], second: PathVar[str], third: PathVar[str]) -> str:
        return first

    @get_mapping("/tree/{rest:path}")
    async def tree(self, rest: PathVar[str]) -> int:
        return len(rest)

    @get_mapping("/echo-header")
    async def echo(self, value: QueryParam[str]) -> PlainTextResponse:
        return PlainTextResponse("ok", headers={"x-echo": value})


@pyfly_application(name="doors", scan_packages=["doors.main"])
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


app = create_app(title="doors", context=pyfly.context, lifespan=lifespan)
"""

JSON = {"Content-Type": "application/json"}
XML = {"Content-Type": "application/xml"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PARTS = {"Content-Type": "multipart/form-data; boundary=b"}
PART = b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\nx\r\n'
FILE = b'--b\r\nContent-Disposition: form-data; name="document"; filename="%s"\r\n\r\nx\r\n--b--\r\n'
BOMB = gzip.compress(b'{"name": "' + b"0" * 50_000_000 + b'"}')
LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><Item><name>&b;</name></Item>'

HOSTILE: dict[str, tuple[str, str, bytes, dict[str, str], set[int]]] = {
    "announced body too long": ("POST", "/items", b"", {**JSON, "Content-Length": "999999999999"}, {413}),
    "length beyond any number": ("POST", "/items", b"", {**JSON, "Content-Length": "9" * 30}, {400, 413}),
    "json without content type": ("POST", "/items", b'{"name": "x"}', {}, {415}),
    "json as plain text": ("POST", "/items", b'{"name": "x"}', {"Content-Type": "text/plain"}, {415}),
    "json as a form": ("POST", "/items", b'{"name": "x"}', FORM, {415}),
    "compressed bomb": ("POST", "/items", BOMB, {**JSON, "Content-Encoding": "gzip"}, {415}),
    "deep lists": ("POST", "/anything", b'{"a":' + b"[" * 200_000 + b"]" * 200_000 + b"}", JSON, {400, 422}),
    "deep objects": ("POST", "/items", b'{"a":' * 200_000, JSON, {400}),
    "deep xml": ("POST", "/items", b"<a>" * 200_000, XML, {400}),
    "xml entities": ("POST", "/items", LAUGHS, XML, {400}),
    "not a number in json": ("POST", "/items", b'{"name": NaN}', JSON, {400, 422}),
    "huge number in json": ("POST", "/items", b'{"name": ' + b"9" * 1_000_000 + b"}", JSON, {400, 422}),
    "broken utf-8": ("POST", "/items", b'{"name": "\xff\xfe"}', JSON, {400}),
    "many parts": ("POST", "/upload", PART % b"a" * 20_000 + b"--b--\r\n", PARTS, {413}),
    "many part headers": (
        "POST",
        "/upload",
        b"--b\r\n" + b"X-A: b\r\n" * 20_000 + b"\r\nx\r\n--b--\r\n",
        PARTS,
        {400, 413},
    ),
    "long part header": ("POST", "/upload", b"--b\r\nX-A: " + b"b" * 1_000_000, PARTS, {400, 413}),
    "form without an end": ("POST", "/upload", b"--b\r\nContent-Disposition: form-data; n", PARTS, {400}),
    "form without a boundary": ("POST", "/upload", b"x", {"Content-Type": "multipart/form-data"}, {400}),
    "boundary without an end": (
        "POST",
        "/upload",
        b"-" * 1_000_000,
        {"Content-Type": "multipart/form-data; boundary=" + "-" * 2000},
        {400},
    ),
    "many fields": ("POST", "/form", b"a=b&" * 200_000, FORM, {413}),
    "long field": ("POST", "/form", b"name=" + b"x" * 8_000_000, FORM, {413}),
    "many ranges": (
        "GET",
        "/file",
        b"",
        {"Range": "bytes=" + ",".join(f"{at}-{at}" for at in range(0, 3000, 2))},
        {416},
    ),
    "range without a number": ("GET", "/file", b"", {"Range": "bytes=--1"}, {200, 416}),
    "range beyond the end": ("GET", "/file", b"", {"Range": "bytes=999999999-"}, {416}),
    "traversal": ("GET", "/files/../../../etc/passwd", b"", {}, {400, 404}),
    "encoded traversal": ("GET", "/files/%2e%2e/%2e%2e/etc/passwd", b"", {}, {400, 404}),
    "encoded slashes": ("GET", "/files/..%2f..%2fetc%2fpasswd", b"", {}, {400, 404}),
    "nul in a path": ("GET", "/files/a%00.txt", b"", {}, {400, 404}),
    "digits without end": ("GET", "/page?number=" + "9" * 6000, b"", {}, {400}),
    "long address": ("GET", "/page?number=1&of=" + "1" * 60_000, b"", {}, {414}),
    "many parameters": ("GET", "/page?" + "of=x&" * 1200, b"", {}, {400, 414}),
    "large headers": ("GET", "/open", b"", {f"X-{n}": "y" * 6000 for n in range(12)}, {431}),
    "many headers": ("GET", "/open", b"", {f"X-{n}": "y" for n in range(150)}, {400, 431}),
    "host with an account": ("GET", "/open", b"", {"Host": "user:pw@doors"}, {400}),
    "host with a path": ("GET", "/open", b"", {"Host": "doors/admin/keys"}, {400}),
    "host with a query": ("GET", "/open", b"", {"Host": "doors?x=/open"}, {400}),
    "foreign method": ("TRACE", "/open", b"", {}, {405}),
}


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory, module_run: Any) -> Any:
    folder = tmp_path_factory.mktemp("doors")
    package = folder / "src" / "doors"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "main.py").write_text(APPLICATION)
    (folder / "data.bin").write_bytes(bytes(range(256)) * 40)
    (folder / "public").mkdir()
    (folder / "public" / "a.txt").write_text("a")
    (folder / "pyfly.yaml").write_text(
        "pyfly: {app: {module: 'doors.main:app'}, web: {static: {path: /files, directory: public}}}\n"
    )
    return module_run(folder)


def send(port: int, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, Any, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.putrequest(method, path, skip_host="Host" in headers, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name, value)

        if body and "Content-Length" not in headers:
            connection.putheader("Content-Length", str(len(body)))

        connection.endheaders()
        with suppress(OSError):  # the answer may come before the end of the body
            connection.send(body)

        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def peak(port: int) -> int:
    return int(send(port, "GET", "/peak", b"", {})[2])


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_request_is_refused(doors: Any, name: str) -> None:
    method, path, body, headers, statuses = HOSTILE[name]
    before, start = peak(doors.port), time.monotonic()

    status, answered, content = send(doors.port, method, path, body, headers)

    # A second is plenty for what takes milliseconds, and nothing for what grows with the square of its size.
    assert time.monotonic() - start < 5
    assert status in statuses, content[:300]
    assert peak(doors.port) - before < 40_000_000
    if answered.get_content_type() == "application/problem+json":
        problem = json.loads(content)
        assert (problem["status"], bool(problem["code"])) == (status, True)
        assert len(content) < 5000

    assert send(doors.port, "GET", "/open", b"", {})[0] == 200


@pytest.mark.parametrize("host", ["doors/open?", "doors/admin/..", "doors#", "doors\\@open"])
def test_host_cannot_move_a_request_past_a_filter(doors: Any, host: str) -> None:
    status, _, content = send(doors.port, "GET", "/admin/keys", b"", {"Host": host})

    assert status in (400, 403)
    assert b"the keys" not in content


@pytest.mark.parametrize(
    "path", ["/admin/keys", "/admin%2Fkeys", "/%61dmin/keys", "/admin/keys?x=/open", "//admin/keys"]
)
def test_spelling_cannot_move_a_request_past_a_filter(doors: Any, path: str) -> None:
    status, _, content = send(doors.port, "GET", path, b"", {})

    assert status in (403, 404, 400)
    assert b"the keys" not in content


@pytest.mark.parametrize(
    "name", [b"../../../etc/cron.d/x", b"..\\..\\x.txt", b"/etc/x", b"C:\\x.txt", b"....//x", b".."]
)
def test_name_of_an_upload_stays_in_its_folder(doors: Any, name: bytes) -> None:
    status, _, content = send(doors.port, "POST", "/upload", FILE % name, PARTS)

    saved = json.loads(content)
    assert status == 200
    assert "/" not in saved
    assert "\\" not in saved
    assert saved not in ("", ".", "..")


@pytest.mark.parametrize(
    "value", ["a%0d%0aset-cookie:%20x=y", "a%0aset-cookie:%20x=y", "a%00b", "a%0d%0a%0d%0a<html>"]
)
def test_value_cannot_end_a_header(doors: Any, value: str) -> None:
    status, headers, content = send(doors.port, "GET", f"/echo-header?value={value}", b"", {})

    assert "set-cookie" not in headers
    assert b"<html>" not in content
    assert status >= 400


def test_two_hosts_are_refused(doors: Any) -> None:
    with socket.create_connection(("127.0.0.1", doors.port), timeout=10) as connection:
        connection.sendall(b"GET /open HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n")

        assert b" 400 " in connection.recv(100)


def test_length_and_chunks_together_do_not_smuggle_a_request(doors: Any) -> None:
    smuggled = b"0\r\n\r\nGET /admin/keys HTTP/1.1\r\nHost: doors\r\n\r\n"
    with socket.create_connection(("127.0.0.1", doors.port), timeout=10) as connection:
        connection.sendall(
            b"POST /items HTTP/1.1\r\nHost: doors\r\nContent-Type: application/json\r\nConnection: close\r\n"
            b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n" + smuggled
        )
        answer = connection.makefile("rb").read()

    assert b"the keys" not in answer
    assert answer.startswith((b"HTTP/1.1 400", b"HTTP/1.1 415", b"HTTP/1.1 422"))


def test_chunked_body_is_cut_off_at_the_limit(doors: Any) -> None:
    chunk = b"10000\r\n" + b" " * 0x10000 + b"\r\n"
    with socket.create_connection(("127.0.0.1", doors.port), timeout=20) as connection:
        connection.sendall(
            b"POST /items HTTP/1.1\r\nHost: doors\r\nContent-Type: application/json\r\n"
            b"Transfer-Encoding: chunked\r\n\r\n"
        )
        with suppress(OSError):  # refused before the end, as it should be
            for _ in range(2000):
                connection.sendall(chunk)

        connection.settimeout(10)
        try:
            answer = connection.recv(100)
        except ConnectionError:
            answer = b""

    assert b" 200 " not in answer
    assert peak(doors.port) < 400_000_000

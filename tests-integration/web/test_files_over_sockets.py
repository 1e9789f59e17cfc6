# SPDX-License-Identifier: Apache-2.0
"""Uploads, streams, files and background work of a service on each of the servers, over real sockets."""

import hashlib
import http.client
import json
import os
import signal
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

APPLICATION = """\
import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.web import (
    File, FileResult, Form, PathVar, UploadedFile, get_mapping, post_mapping, rest_controller
)
from pyfly.web.adapters.starlette.app import create_app
from pyfly.web.background import BackgroundWork


@rest_controller
class FileController:
    def __init__(self, work: BackgroundWork) -> None:
        self.work = work
        self.closed = []

    @post_mapping("/uploads")
    async def upload(
        self, document: File[UploadedFile], note: Form[str | None] = None
    ) -> dict[str, object]:
        digest = hashlib.sha256()
        async for chunk in document.chunks():
            digest.update(chunk)

        return {
            "name": document.filename,
            "safe": document.safe_filename,
            "size": document.size,
            "digest": digest.hexdigest(),
            "note": note,
        }

    @post_mapping("/saved")
    async def save(self, document: File[UploadedFile]) -> int:
        await document.save(Path("saved"))
        return Path("saved").stat().st_size

    @get_mapping("/streams/{megabytes:int}")
    async def stream(self, megabytes: PathVar[int]) -> AsyncIterator[bytes]:
        try:
            for _ in range(megabytes * 16):
                yield b"x" * 65536
        finally:
            self.closed.append("async")

    @get_mapping("/plain-streams/{megabytes:int}")
    def plain_stream(self, megabytes: PathVar[int]) -> Iterator[bytes]:
        try:
            for _ in range(megabytes * 16):
                yield b"x" * 65536
        finally:
            self.closed.append("plain")

    @get_mapping("/silence")
    async def silence(self) -> AsyncIterator[str]:
        try:
            yield "then nothing"
            await asyncio.Event().wait()
        finally:
            self.closed.append("silent")

    @get_mapping("/breaks")
    async def breaks(self) -> AsyncIterator[bytes]:
        yield b"x" * 1000
        raise LookupError("the rest is lost")

    @get_mapping("/files/saved")
    async def saved(self) -> FileResult:
        return FileResult("saved", filename='a"b\\r\\nX-Injected: 1.bin')

    @get_mapping("/state")
    async def state(self) -> dict[str, object]:
        links = [Path("/proc/self/fd", name) for name in os.listdir("/proc/self/fd")]
        names = [os.readlink(link) for link in links if link.is_symlink()]
        return {
            "closed": self.closed,
            "temporary": sum(name.endswith("(deleted)") and "/#" in name for name in names),
            "pid": os.getpid(),
        }

    @post_mapping("/work")
    async def begin_work(self) -> None:
        self.work.submit(self.finish_work)

    async def finish_work(self) -> None:
        Path("work-begun").touch()
        while not Path("go-on").exists():
            await asyncio.sleep(0.01)

        Path("work-done").touch()


@pyfly_application(name="files", scan_packages=["files.main"])
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


app = create_app(title="files", context=pyfly.context, lifespan=lifespan)
"""

MEGABYTE = 1024 * 1024
MOST_MEMORY = 40 * MEGABYTE
"""Bytes that a worker may grow by while far more goes through it."""

MULTIPART = {"Content-Type": "multipart/form-data; boundary=B"}
END = b"--B--\r\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    package = tmp_path / "src" / "files"
    package.mkdir(parents=True)
    (package / "__init__.py").touch()
    (package / "main.py").write_text(APPLICATION)
    (tmp_path / "public").mkdir()
    (tmp_path / "public" / "site.css").write_text("body {}")
    (tmp_path / "pyfly.yaml").write_text(
        "pyfly: {app: {module: 'files.main:app'}, web: {static: {directory: public}}}\n"
    )
    return tmp_path


@pytest.fixture(params=["granian", "uvicorn"])
def service(
    request: pytest.FixtureRequest, project: Path, launch: Any, pyfly_run: Any, free_port: Any
) -> Any:
    """Serve the application above."""
    port = free_port()
    if request.param == "granian":
        process = pyfly_run("--host", "127.0.0.1", "--port", str(port), cwd=project)
    else:
        arguments = ["files.main:app", "--app-dir", "src", "--port", str(port), "--log-level", "info"]
        process = launch(sys.executable, "-m", "uvicorn", *arguments, cwd=project)

    process.wait_for_port(port)
    process.port = port
    return process


def part(disposition: str, content: bytes, *headers: str) -> bytes:
    lines = ["--B", f"Content-Disposition: form-data; {disposition}", *headers, "", ""]
    return "\r\n".join(lines).encode() + content + b"\r\n"


def ask(service: Any, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, Any, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=20)
    try:
        connection.request(
            method, path, body, {name.replace("_", "-"): value for name, value in headers.items()}
        )
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def upload(service: Any, *parts: bytes, path: str = "/uploads") -> tuple[int, Any]:
    status, _, content = ask(service, "POST", path, b"".join(parts) + END, **MULTIPART)
    return status, json.loads(content)


def state_of(service: Any) -> dict[str, Any]:
    state: dict[str, Any] = json.loads(ask(service, "GET", "/state")[2])
    return state


def opened(service: Any, head: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", service.port), timeout=20)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.sendall(head)
    return connection


def abort(connection: socket.socket) -> None:
    """Close a connection as if its cable were cut."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    connection.close()


def peak_memory(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


@pytest.fixture
def linux() -> None:
    if not os.path.isdir("/proc/self/fd"):
        pytest.skip("only Linux tells which files a process has open, and what memory it has used")


Until = Callable[..., None]


def test_upload_in_small_pieces_arrives_and_holds_nobody_up(service: Any) -> None:
    content = os.urandom(1_000_000)
    body = part('name="document"; filename="a.bin"', content) + END
    head = f"POST /uploads HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\nConnection: close\r\n"
    connection = opened(service, f"{head}Content-Type: {MULTIPART['Content-Type']}\r\n\r\n".encode())
    middle = len(body) // 2
    for at in range(0, middle, 1000):
        connection.sendall(body[at : min(at + 1000, middle)])

    assert ask(service, "GET", "/static/site.css")[0] == 200
    for at in range(middle, len(body), 1000):
        connection.sendall(body[at : at + 1000])

    answer = b"".join(iter(lambda: connection.recv(65536), b""))
    connection.close()
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["digest"] == hashlib.sha256(content).hexdigest()


def test_client_that_goes_away_during_an_upload_leaves_no_file(
    service: Any, until: Until, linux: None
) -> None:
    head = (
        b"POST /uploads HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\nContent-Type: multipart/form-data; "
    )
    connection = opened(service, head + b"boundary=B\r\n\r\n")
    connection.sendall(part('name="document"; filename="a.bin"', b"x" * 4_000_000))
    until(lambda: state_of(service)["temporary"] == 1, what="the upload to be in a temporary file")

    abort(connection)

    until(lambda: state_of(service)["temporary"] == 0, what="the temporary file to be closed")
    assert "Traceback" not in service.output


@pytest.mark.parametrize(
    ("path", "name"), [("/streams/500", "async"), ("/plain-streams/500", "plain"), ("/silence", "silent")]
)
def test_client_that_goes_away_during_a_stream_ends_it(
    service: Any, until: Until, linux: None, path: str, name: str
) -> None:
    connection = opened(service, f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    connection.recv(1000)

    abort(connection)

    until(lambda: state_of(service)["closed"] == [name], what="the generator to be closed")
    assert "Traceback" not in service.output


def test_far_more_than_fits_into_memory_goes_through(service: Any, linux: None) -> None:
    pid = state_of(service)["pid"]
    upload(service, part('name="document"; filename="a.bin"', b"x" * MEGABYTE), path="/saved")
    before = peak_memory(pid)

    for _ in range(5):
        assert upload(
            service, part('name="document"; filename="a"', b"x" * 15 * MEGABYTE), path="/saved"
        ) == (
            200,
            15 * MEGABYTE,
        )

    for path, size in (("/streams/200", 200), ("/plain-streams/50", 50), ("/files/saved", 15)):
        assert len(ask(service, "GET", path)[2]) == size * MEGABYTE

    assert peak_memory(pid) - before < MOST_MEMORY


def test_stream_that_breaks_is_cut_off_and_told_in_the_log(service: Any) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=20)
    connection.request("GET", "/breaks")
    response = connection.getresponse()

    assert response.status == 200
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        response.read()

    connection.close()
    service.wait_for_output("LookupError: the rest is lost")
    assert service.output.count("LookupError: the rest is lost") == 1


@pytest.mark.parametrize(
    ("parts", "problem"),
    [
        ([part(f'name="t{at}"', b"") for at in range(3000)], "more text fields than 1000"),
        ([part('name="f"; filename="f"', b"")] * 300, "more files than 100"),
        ([part('name="t"', b"x", f"X-Long: {'x' * 20_000}")], "headers of more than 8192 bytes"),
        ([part('name="t"', b"x", *["X-Many: x"] * 50)], "more headers than 8"),
        ([part('name="t"', b"x" * (MEGABYTE + 1))], "more than 1048576 bytes"),
    ],
)
def test_form_beyond_its_limits_is_refused(service: Any, parts: list[bytes], problem: str) -> None:
    status, answer = upload(service, *parts)

    assert (status, answer["code"]) == (413, "FORM_TOO_LARGE")
    assert problem in answer["detail"]


@pytest.mark.parametrize(
    ("filename", "name", "safe"),
    [
        (r"a \"quoted\" name.txt", 'a "quoted" name.txt', "a _quoted_ name.txt"),
        ("../../../etc/passwd", "../../../etc/passwd", "passwd"),
        ("a\x00b.txt", "a\x00b.txt", "ab.txt"),
        ("a%0D%0AX: y.txt", "a%0D%0AX: y.txt", "a%0D%0AX_ y.txt"),
        ("日本.txt", "日本.txt", "日本.txt"),
    ],
)
def test_names_of_files_do_no_harm(service: Any, filename: str, name: str, safe: str) -> None:
    status, answer = upload(service, part(f'name="document"; filename="{filename}"', b"x"))

    assert (status, answer["name"], answer["safe"]) == (200, name, safe)


def test_thousands_of_ranges_are_not_answered_one_by_one(service: Any) -> None:
    upload(service, part('name="document"; filename="a"', b"x" * 100_000), path="/saved")
    many = "bytes=" + ",".join(f"{at}-{at}" for at in range(0, 4000, 2))
    overlapping = "bytes=" + ",".join(["0-"] * 90)

    refused = ask(service, "GET", "/files/saved", Range=many)
    joined = ask(service, "GET", "/files/saved", Range=overlapping)

    assert refused[0] == 416
    assert (joined[0], len(joined[2]), joined[1]["content-range"]) == (206, 100_000, "bytes 0-99999/100000")


def test_name_of_a_download_cannot_add_headers(service: Any) -> None:
    upload(service, part('name="document"; filename="a"', b"x"), path="/saved")

    _, headers, _ = ask(service, "GET", "/files/saved")

    assert headers["content-disposition"] == 'attachment; filename="a_b X-Injected_ 1.bin"'
    assert "x-injected" not in headers


def test_work_outlives_its_client_and_is_finished_before_the_end(
    service: Any, project: Path, until: Until
) -> None:
    connection = opened(service, b"POST /work HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
    until((project / "work-begun").exists, what="the work to begin")
    abort(connection)

    service.send_signal(signal.SIGTERM)
    (project / "go-on").touch()

    # Uvicorn raises the signal again when it is done.
    assert service.wait() in (0, -signal.SIGTERM)
    assert (project / "work-done").exists()

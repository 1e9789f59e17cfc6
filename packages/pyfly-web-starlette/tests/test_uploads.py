# SPDX-License-Identifier: Apache-2.0
import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from starlette.requests import Request
from starlette.testclient import TestClient

from pyfly.web import (
    Body,
    File,
    Form,
    Header,
    UploadedFile,
    exception_handler,
    post_mapping,
    request_mapping,
    rest_controller,
)
from pyfly.web.adapters.starlette.app import create_app
from pyfly.web.errors import RouteDefinitionError
from pyfly.web.filters import OncePerRequestFilter
from pyfly.web.testing.asgi_lifespan import running

KEPT: list[UploadedFile] = []


class Profile(BaseModel):
    name: str
    picture: UploadedFile | None = None


class Refused(Exception):
    pass


@rest_controller
@request_mapping("/uploads")
class UploadController:
    @post_mapping("/one")
    async def one(self, document: File[UploadedFile]) -> dict[str, object]:
        KEPT.append(document)
        return {"name": document.safe_filename, "type": document.content_type, "size": document.size}

    @post_mapping("/plain")
    def plain(self, document: File[UploadedFile], note: Form[str] = "none") -> list[object]:
        return [document.size, note]

    @post_mapping("/saved")
    async def saved(self, document: File[UploadedFile], x_folder: Header[str]) -> str:
        target = Path(x_folder) / document.safe_filename
        await document.save(target)
        return target.name

    @post_mapping("/profile")
    async def profile(self, profile: Form[Profile]) -> list[object]:
        return [profile.name, profile.picture and profile.picture.filename]

    @post_mapping("/fails")
    async def fails(self, document: File[UploadedFile]) -> None:
        KEPT.append(document)
        raise Refused

    @post_mapping("/form-twice")
    async def form_twice(self, request: Request, document: File[UploadedFile]) -> None:
        await request.form()

    @exception_handler(Refused, status_code=409)
    async def refused(self, exc: Refused) -> str:
        return "refused"


@pytest.fixture(autouse=True)
def _forget_uploads() -> None:
    KEPT.clear()


def a_file(name: str = "a.txt", content: bytes = b"hello") -> dict[str, Any]:
    return {"document": (name, content, "text/plain")}


def test_file_is_handed_to_the_handler(serve: Any) -> None:
    with serve(UploadController) as client:
        answer = client.post("/uploads/one", files=a_file("../b.txt"))

    assert (answer.status_code, answer.json()) == (200, {"name": "b.txt", "type": "text/plain", "size": 5})


def test_plain_handler_takes_files_and_fields(serve: Any) -> None:
    with serve(UploadController) as client:
        answer = client.post("/uploads/plain", files=a_file(), data={"note": "fragile"})

    assert answer.json() == [5, "fragile"]


def test_upload_is_saved(serve: Any, tmp_path: Path) -> None:
    content = b"x" * 3_000_000
    with serve(UploadController) as client:
        answer = client.post(
            "/uploads/saved", files=a_file("..", content), headers={"X-Folder": str(tmp_path)}
        )

    assert answer.json() == "file"
    assert (tmp_path / "file").read_bytes() == content


def test_model_takes_fields_and_files(serve: Any) -> None:
    with serve(UploadController) as client:
        with_picture = client.post(
            "/uploads/profile", data={"name": "Ada"}, files={"picture": ("p.png", b"p")}
        )
        without = client.post("/uploads/profile", data={"name": "Ada"})

    assert with_picture.json() == ["Ada", "p.png"]
    assert without.json() == ["Ada", None]


@pytest.mark.parametrize("path", ["/uploads/one", "/uploads/fails"])
def test_files_are_closed_after_the_answer(serve: Any, path: str) -> None:
    with serve(UploadController) as client:
        for content in (b"small", b"x" * 2_000_000):
            client.post(path, files=a_file(content=content))

    assert len(KEPT) == 2
    for file in KEPT:
        with pytest.raises(ValueError, match="closed file"):
            asyncio.run(file.read())


def test_handlers_of_the_controller_answer_for_failures(serve: Any) -> None:
    with serve(UploadController) as client:
        answer = client.post("/uploads/fails", files=a_file())

    assert (answer.status_code, answer.json()) == (409, "refused")


@pytest.mark.parametrize(
    ("request_of", "status", "code"),
    [
        ({"data": {"document": "text"}}, 400, "MISSING_PARAMETER"),
        ({}, 400, "MISSING_PARAMETER"),
        ({"json": {}}, 415, "UNSUPPORTED_MEDIA_TYPE"),
        ({"content": b"x", "headers": {"content-type": "multipart/form-data"}}, 400, "INVALID_FORM"),
        ({"files": a_file(content=b"x" * (16 * 1024 * 1024 + 1))}, 413, "FORM_TOO_LARGE"),
    ],
)
def test_other_requests_are_refused(serve: Any, request_of: dict[str, Any], status: int, code: str) -> None:
    with serve(UploadController) as client:
        answer = client.post("/uploads/one", **request_of)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


def test_form_may_be_longer_than_other_bodies(serve: Any) -> None:
    with serve(UploadController, max_body_size=1000) as client:
        answer = client.post("/uploads/plain", files=a_file(content=b"x" * 5000))

    assert answer.json() == [5000, "none"]


def test_form_is_read_once(serve: Any) -> None:
    with serve(UploadController) as client:
        answer = client.post("/uploads/form-twice", files=a_file())

    assert answer.status_code == 500


def test_filter_may_read_the_form_first(serve: Any) -> None:
    lengths: list[int] = []

    class Measuring(OncePerRequestFilter):
        async def do_filter(self, request: Any, call_next: Any) -> Any:
            lengths.append(len(await request.body()))
            return await call_next(request)

    with serve(UploadController, Measuring) as client:
        answer = client.post("/uploads/plain", files=a_file())

    assert answer.json() == [5, "none"]
    assert lengths[0] > 100


def test_limits_are_configured(new_context: Callable[..., Any], lifespan_for: Callable[..., Any]) -> None:
    context = new_context(UploadController)
    context.config.merge({"pyfly": {"web": {"multipart": {"max-fields": 0}}}}, "test")
    with TestClient(create_app(context=context, lifespan=lifespan_for(context))) as client:
        answer = client.post("/uploads/plain", files=a_file(), data={"note": "x"})

    assert (answer.status_code, answer.json()["context"]) == (413, {"limit": 0})


def test_form_beside_a_body_stops_the_start(new_context: Callable[..., Any]) -> None:
    @rest_controller
    class Broken:
        @post_mapping("/broken")
        async def broken(self, content: Body[bytes], note: Form[str]) -> None: ...

    with pytest.raises(RouteDefinitionError, match="Take text fields with Form"):
        create_app(context=new_context(Broken))


async def test_client_that_goes_away_during_its_upload_leaves_nothing(
    new_context: Callable[..., Any], lifespan_for: Callable[..., Any]
) -> None:
    context = new_context(UploadController)
    app = create_app(context=context, lifespan=lifespan_for(context))
    pieces = [
        b'--B\r\nContent-Disposition: form-data; name="document"; filename="a"\r\n\r\n' + b"x" * 2_000_000,
        b"",
    ]
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        if pieces:
            return {"type": "http.request", "body": pieces.pop(0), "more_body": True}

        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)

    async with running(app):
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/uploads/one",
            "query_string": b"",
            "headers": [(b"content-type", b"multipart/form-data; boundary=B")],
        }
        await app(scope, receive, send)

    assert sent == []
    assert KEPT == []

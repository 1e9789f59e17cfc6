# SPDX-License-Identifier: Apache-2.0
"""Forms and uploaded files (RFC 7578)."""

from pydantic import BaseModel

from pyfly.container.stereotypes import rest_controller
from pyfly.web.mappings import post_mapping, request_mapping
from pyfly.web.params import File, Form, PathVar
from pyfly.web.testing.adapter_hooks import AdapterHooks
from pyfly.web.uploads import UploadedFile

BOUNDARY = "----contract"
MULTIPART = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
URLENCODED = {"content-type": "application/x-www-form-urlencoded"}


class Login(BaseModel):
    user: str
    attempts: int = 0


@rest_controller
@request_mapping("/u")
class UploadController:
    @post_mapping("/file/{folder}")
    async def file(self, folder: PathVar[str], document: File[UploadedFile]) -> list[object]:
        content = await document.read()
        return [folder, document.filename, document.content_type, document.size, content.decode()]

    @post_mapping("/files")
    async def files(self, documents: File[list[UploadedFile]]) -> list[str]:
        return [document.filename for document in documents]

    @post_mapping("/optional")
    async def optional(self, document: File[UploadedFile | None] = None) -> bool:
        return document is None

    @post_mapping("/both")
    async def both(
        self, title: Form[str], document: File[UploadedFile], tag: Form[list[str]]
    ) -> list[object]:
        return [title, document.filename, tag]

    @post_mapping("/login")
    async def login(self, login: Form[Login]) -> Login:
        return login


def part(name: str, content: str, *, filename: str | None = None, kind: str = "text/plain") -> bytes:
    """Write one part of a multipart form; a file if it has a name of its own."""
    disposition = f'form-data; name="{name}"'
    if filename is not None:
        disposition += f'; filename="{filename}"\r\nContent-Type: {kind}'

    return f"--{BOUNDARY}\r\nContent-Disposition: {disposition}\r\n\r\n{content}\r\n".encode()


def form(*parts: bytes) -> bytes:
    """Write a multipart form."""
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


class UploadContract(AdapterHooks):
    """Files and fields of forms are bound like other parameters, within limits."""

    async def test_file_is_bound_with_its_facts(self) -> None:
        body = form(part("document", "hello", filename="a.txt"))
        async with self.serving(UploadController) as client:
            answer = await client.post("/u/file/inbox", body=body, headers=MULTIPART)

        assert answer.json() == ["inbox", "a.txt", "text/plain", 5, "hello"]

    async def test_file_in_many_pieces_is_put_together(self) -> None:
        body = form(part("document", "hello", filename="a.txt"))
        pieces = [body[i : i + 7] for i in range(0, len(body), 7)]
        async with self.serving(UploadController) as client:
            answer = await client.post("/u/file/inbox", body=pieces, headers=MULTIPART)

        assert answer.json()[4] == "hello"

    async def test_all_files_of_a_name_fill_a_list(self) -> None:
        body = form(part("documents", "1", filename="a.txt"), part("documents", "2", filename="b.txt"))
        async with self.serving(UploadController) as client:
            answer = await client.post("/u/files", body=body, headers=MULTIPART)

        assert answer.json() == ["a.txt", "b.txt"]

    async def test_missing_file_is_refused(self) -> None:
        async with self.serving(UploadController) as client:
            answer = await client.post("/u/file/inbox", body=form(part("other", "x")), headers=MULTIPART)

        assert answer.status == 400
        assert answer.json()["context"]["parameter"] == "document"

    async def test_optional_file_may_be_absent(self) -> None:
        async with self.serving(UploadController) as client:
            answer = await client.post("/u/optional", body=form(part("other", "x")), headers=MULTIPART)

        assert answer.json() is True

    async def test_fields_and_files_come_together(self) -> None:
        body = form(
            part("title", "T"),
            part("tag", "a"),
            part("document", "x", filename="a.txt"),
            part("tag", "b"),
        )
        async with self.serving(UploadController) as client:
            answer = await client.post("/u/both", body=body, headers=MULTIPART)

        assert answer.json() == ["T", "a.txt", ["a", "b"]]

    async def test_form_of_a_page_fills_a_model(self) -> None:
        async with self.serving(UploadController) as client:
            answer = await client.post("/u/login", body=b"user=ada+l&attempts=2", headers=URLENCODED)

        assert answer.json() == {"user": "ada l", "attempts": 2}

    async def test_faults_of_a_form_are_told_by_field(self) -> None:
        async with self.serving(UploadController) as client:
            answer = await client.post("/u/login", body=b"attempts=many", headers=URLENCODED)

        assert answer.status == 422
        assert {fault["loc"][-1] for fault in answer.json()["errors"]} == {"user", "attempts"}

    async def test_file_that_is_too_large_is_refused(self) -> None:
        settings = {"pyfly.web.multipart.max-file-size": "1KB"}
        body = form(part("document", "x" * 1025, filename="a.txt"))
        async with self.serving(UploadController, config=settings) as client:
            answer = await client.post("/u/file/inbox", body=body, headers=MULTIPART)

        assert (answer.status, answer.media_type) == (413, "application/problem+json")

    async def test_form_of_another_media_type_is_refused(self) -> None:
        async with self.serving(UploadController) as client:
            answer = await client.post("/u/file/inbox", json={"document": "x"})

        assert (answer.status, answer.json()["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")

    async def test_form_that_is_cut_off_is_refused(self) -> None:
        body = form(part("document", "hello", filename="a.txt"))[:-20]
        async with self.serving(UploadController) as client:
            answer = await client.post("/u/file/inbox", body=body, headers=MULTIPART)

        assert (answer.status, answer.media_type) == (400, "application/problem+json")

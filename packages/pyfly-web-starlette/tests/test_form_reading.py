# SPDX-License-Identifier: Apache-2.0
import asyncio
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyfly.config.data_size import DataSize
from pyfly.config.properties.web_multipart import MultipartProperties
from pyfly.kernel.exceptions import (
    InvalidRequestException,
    PayloadTooLargeException,
    UnsupportedMediaTypeException,
)
from pyfly.web.adapters.starlette.forms import read_form
from pyfly.web.binding import BodyState, Exchange
from pyfly.web.binding.form_data import FormData

MULTIPART = "multipart/form-data; boundary=B"
URLENCODED = "application/x-www-form-urlencoded"
DISK = MultipartProperties(memory_threshold=DataSize(0))


def part(disposition: str | bytes, content: bytes = b"x", *headers: bytes) -> bytes:
    named = disposition if isinstance(disposition, bytes) else disposition.encode()
    lines = [b"--B", b"Content-Disposition: form-data; " + named, *headers, b"", content, b""]
    return b"\r\n".join(lines)


def form_of(*parts: bytes) -> bytes:
    return b"".join(parts) + b"--B--\r\n"


def exchange_of(
    pieces: Sequence[bytes], content_type: str | None = MULTIPART, *headers: tuple[bytes, bytes]
) -> Exchange:
    waiting = list(pieces)

    async def receive() -> dict[str, Any]:
        piece = waiting.pop(0)
        if piece == b"GONE":
            return {"type": "http.disconnect"}

        return {"type": "http.request", "body": piece, "more_body": bool(waiting)}

    named = [] if content_type is None else [(b"content-type", content_type.encode())]
    return Exchange({"type": "http", "headers": [*named, *headers]}, receive, None)


async def read(
    body: bytes, content_type: str | None = MULTIPART, limits: MultipartProperties | None = None
) -> FormData:
    length = (b"content-length", str(len(body)).encode())
    return await read_form(exchange_of([body], content_type, length), limits or MultipartProperties())


async def contents(form: FormData) -> dict[str, list[tuple[str, str, int, bytes]]]:
    return {
        name: [(file.filename, file.content_type, file.size, await file.read()) for file in files]
        for name, files in form.files.items()
    }


class TestMultipart:
    async def test_fields_and_files_are_told_apart(self) -> None:
        form = await read(
            form_of(
                part('name="title"', "Tee für zwei".encode()),
                part('name="doc"; filename="a.txt"', b"one", b"Content-Type: text/plain"),
                part('name="tag"', b"a"),
                part('name="doc"; filename="b"', b""),
                part('name="tag"', b""),
            )
        )

        assert form.texts == {"title": ["Tee für zwei"], "tag": ["a", ""]}
        assert await contents(form) == {
            "doc": [("a.txt", "text/plain", 3, b"one"), ("b", "application/octet-stream", 0, b"")]
        }

    @settings(max_examples=60, deadline=None)
    @given(
        files=st.lists(
            st.one_of(st.binary(max_size=300), st.sampled_from([b"\r\n--B", b"\r\n--", b"--B--"]))
        ),
        texts=st.lists(st.text(max_size=50)),
        cuts=st.lists(st.integers(0, 3000), max_size=40),
        threshold=st.sampled_from([0, 100, 10_000]),
    )
    def test_form_does_not_depend_on_how_it_arrives(
        self, files: list[bytes], texts: list[str], cuts: list[int], threshold: int
    ) -> None:
        harmless = [content.replace(b"\r\n--B", b"") for content in files]
        body = form_of(
            *(part('name="f"; filename="f"', content) for content in harmless),
            *(part('name="t"', text.replace("\r\n--B", "").encode()) for text in texts),
        )
        ends = sorted({min(cut, len(body)) for cut in cuts})
        pieces = [body[start:end] for start, end in zip([0, *ends], [*ends, len(body)], strict=True)]
        limits = MultipartProperties(memory_threshold=DataSize(threshold))

        async def check() -> None:
            form = await read_form(exchange_of(pieces), limits)
            read_back = [file[3] for file in (await contents(form)).get("f", [])]
            await form.close()
            assert read_back == harmless
            assert form.texts.get("t", []) == [text.replace("\r\n--B", "") for text in texts]

        asyncio.run(check())

    @pytest.mark.parametrize(
        ("disposition", "filename"),
        [
            (r'name="f"; filename="a \"b\" c.txt"', 'a "b" c.txt'),
            ('name="f"; filename="a; name=g.txt"', "a; name=g.txt"),
            ("name=f; filename=plain.txt", "plain.txt"),
            ('name="f"; filename="../../etc/passwd"', "../../etc/passwd"),
            ('name="f"; filename="C:\\\\dir\\\\x.txt"', "x.txt"),
            ('name="f"; filename="nul\x00byte"', "nul\x00byte"),
            ('name="f"; filename="a%0D%0AX: y"', "a%0D%0AX: y"),
            ('name="f"; filename="plain"; filename*=UTF-8\'\'other', "plain"),
            ('name="f"; filename="日本.txt"'.encode(), "日本.txt"),
            ('name="f"; filename="ü"'.encode("latin-1"), "ü"),
            ('name="f"; FILENAME="a"', "a"),
        ],
    )
    async def test_file_names_are_given_as_they_came(self, disposition: str | bytes, filename: str) -> None:
        form = await read(form_of(part(disposition)))

        assert [file.filename for file in form.files["f"]] == [filename]
        assert "/" not in form.files["f"][0].safe_filename
        assert form.files["f"][0].safe_filename.isprintable()

    async def test_line_break_in_a_file_name_ends_its_header(self) -> None:
        form = await read(form_of(part('name="f"; filename="a\r\nContent-Type: text/html')))

        assert [(file.filename, file.content_type) for file in form.files["f"]] == [('"a', "text/html")]

    async def test_file_input_without_a_choice_is_no_file(self) -> None:
        form = await read(
            form_of(part('name="f"; filename=""', b"", b"Content-Type: application/octet-stream"))
        )

        assert form.files == {}

    async def test_file_without_a_name_is_one(self) -> None:
        form = await read(form_of(part('name="f"; filename=""', b"content")))

        assert [(file.filename, file.safe_filename) for file in form.files["f"]] == [("", "file")]

    async def test_text_may_say_its_character_set(self) -> None:
        form = await read(form_of(part('name="t"', b"\xfc", b"Content-Type: text/plain; charset=ISO-8859-1")))

        assert form.texts == {"t": ["ü"]}

    @pytest.mark.parametrize("charset", [b"utf-7", b"punycode", b"zlib", b"none"])
    async def test_text_in_other_character_sets_is_taken_as_utf_8(self, charset: bytes) -> None:
        header = b"Content-Type: text/plain; charset=" + charset

        assert (await read(form_of(part('name="t"', b"+AGE-", header)))).texts == {"t": ["+AGE-"]}
        with pytest.raises(InvalidRequestException, match="a text field is not UTF-8 text"):
            await read(form_of(part('name="t"', b"\xff", header)))

    async def test_text_around_the_parts_is_skipped(self) -> None:
        form = await read(b"\r\n" + form_of(part('name="t"')) + b"epilogue\r\n" * 100)

        assert form.texts == {"t": ["x"]}

    async def test_form_may_be_empty(self) -> None:
        form = await read(b"--B--\r\n")

        assert (form.texts, form.files) == ({}, {})

    @pytest.mark.parametrize(
        ("body", "problem"),
        [
            (b"", "it ends in the middle"),
            (b"--B\r\n", "it ends in the middle"),
            (form_of(part('name="t"'))[:-6], "it ends in the middle"),
            (part('name="f"; filename="f"', b"x" * 500), "it ends in the middle"),
            (b"no parts at all", "the parts cannot be told apart"),
            (form_of(b"--B\r\n\r\nx\r\n"), "a part has no name"),
            (form_of(part('filename="f"')), "a part has no name"),
            (form_of(b"--B\r\nContent Disposition: form-data\r\n\r\n"), "the parts cannot be told apart"),
            (form_of(part(b'name="\xff"')), "the name of a part is not UTF-8 text"),
            (form_of(part('name="t"', b"\xff")), "a text field is not UTF-8 text"),
        ],
    )
    async def test_broken_form_is_refused(self, body: bytes, problem: str) -> None:
        with pytest.raises(InvalidRequestException, match=problem) as refusal:
            await read(body)

        assert refusal.value.code == "INVALID_FORM"

    @pytest.mark.parametrize(
        ("content_type", "problem"),
        [
            ("multipart/form-data", "its Content-Type has no boundary"),
            ("multipart/form-data; boundary=", "its Content-Type has no boundary"),
            (f"multipart/form-data; boundary={'B' * 300}", "the boundary is too long"),
        ],
    )
    async def test_bad_boundary_is_refused(self, content_type: str, problem: str) -> None:
        with pytest.raises(InvalidRequestException, match=problem):
            await read(form_of(part('name="t"')), content_type)


class TestUrlEncoded:
    @given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), max_size=20), st.integers(1, 30))
    def test_fields_are_decoded(self, fields: list[tuple[str, str]], length: int) -> None:
        encodable = [
            (name.encode(errors="ignore").decode(), value.encode(errors="ignore").decode())
            for name, value in fields
        ]
        body = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in encodable).encode()
        pieces = [body[at : at + length] for at in range(0, len(body), length)] or [b""]

        form = asyncio.run(read_form(exchange_of(pieces, URLENCODED), MultipartProperties()))

        assert form.texts == {
            name: [value for key, value in encodable if key == name] for name, _ in encodable
        }

    async def test_gaps_and_names_alone_are_allowed(self) -> None:
        assert (await read(b"&a&&b=&=c&", URLENCODED)).texts == {"a": [""], "b": [""], "": ["c"]}

    async def test_bytes_that_are_no_text_are_refused(self) -> None:
        with pytest.raises(InvalidRequestException, match="a text field is not UTF-8 text"):
            await read(b"a=%FF", URLENCODED)

    @pytest.mark.parametrize(
        ("limits", "body"),
        [
            ({"max_fields": 2}, b"a=1&b=2&c=3"),
            ({"max_field_size": DataSize(10)}, b"a=" + b"x" * 10),
            ({"max_field_size": DataSize(10)}, b"x" * 11),
            ({"max_request_size": DataSize(10), "max_file_size": DataSize(10)}, b"a=1&b=2&c=3"),
        ],
    )
    async def test_more_than_allowed_is_refused(self, limits: dict[str, Any], body: bytes) -> None:
        with pytest.raises(PayloadTooLargeException):
            await read(body, URLENCODED, MultipartProperties(**limits))

    async def test_other_bodies_share_the_limit_of_the_form_that_is_in_memory(self) -> None:
        exchange = exchange_of([b"a=" + b"x" * 100], URLENCODED)
        exchange.body_limit = 50

        with pytest.raises(PayloadTooLargeException, match="more than 50 bytes"):
            await read_form(exchange, MultipartProperties())


class TestMediaTypes:
    @pytest.mark.parametrize(
        "content_type", ["application/json", "multipart/mixed; boundary=B", "text/plain", ""]
    )
    async def test_other_bodies_are_refused(self, content_type: str) -> None:
        with pytest.raises(UnsupportedMediaTypeException, match="send multipart/form-data or"):
            await read(b"{}", content_type)

    async def test_body_without_a_type_is_refused(self) -> None:
        with pytest.raises(UnsupportedMediaTypeException):
            await read(b"a=1", None)

    async def test_request_without_a_body_has_an_empty_form(self) -> None:
        form = await read(b"", None)

        assert (form.texts, form.files) == ({}, {})

    async def test_case_and_parameters_do_not_matter(self) -> None:
        assert (await read(b"a=1", "Application/X-WWW-Form-URLencoded; charset=utf-8")).texts == {"a": ["1"]}


class TestFilters:
    async def test_body_that_a_filter_has_read_is_the_form(self) -> None:
        exchange = exchange_of([], URLENCODED)
        exchange.body, exchange.body_state = b"a=1", BodyState.READ

        assert (await read_form(exchange, MultipartProperties())).texts == {"a": ["1"]}

    async def test_body_of_which_pieces_are_gone_is_an_error(self) -> None:
        exchange = exchange_of([], URLENCODED)
        exchange.body_state = BodyState.TAKEN

        with pytest.raises(RuntimeError, match="A filter has read the request body"):
            await read_form(exchange, MultipartProperties())

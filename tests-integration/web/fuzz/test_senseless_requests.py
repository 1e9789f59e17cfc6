# SPDX-License-Identifier: Apache-2.0
"""Whatever a client sends: it gets an answer, and never one that says that the server failed."""

import json
import os
from typing import Any
from urllib.parse import quote, quote_from_bytes

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

EXAMPLES = int(os.environ.get("PYFLY_FUZZ_EXAMPLES", "100"))
fuzz = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

WORDS = st.sampled_from(
    [
        *("", "0", "1", "-1", "1.5", "1e999", "NaN", "Infinity", "1_0", " 1", "true", "off", "null", "None"),
        *("2020-01-31", "2020-13-45", "9999999999999999", "0001-01-01", "2020-01-31T10:20:30+14:00", "P1D"),
        *("-9999999999999999999999", "1" * 5000, "red", "\u0661\u0662", "%00", "\u00e9", "a,b", "[1]", "{}"),
        *("67e55044-10b1-426f-9247-bb680e5fe0c8", "GB82WEST12345698765432", "4111111111111111", "\U0001f600"),
    ]
)
TEXTS = WORDS | st.text(max_size=30)
BYTES = st.binary(max_size=60)
HEADER_NAMES = st.sampled_from(
    [
        *("number", "share", "day", "words", "card", "cookie", "accept", "content-type", "content-length"),
        *("content-encoding", "expect", "range", "if-none-match", "host", "x-request-id", "traceparent"),
        *("x-correlation-id", "x-transaction-id", "x-forwarded-proto", "authorization", "origin"),
    ]
)
# What a server lets through: no control characters but the tabulator.
HEADER_VALUES = BYTES.map(lambda raw: bytes(byte for byte in raw if byte >= 32 and byte != 127)) | TEXTS.map(
    lambda text: (
        text.encode("utf-8", "surrogatepass").replace(b"\n", b"").replace(b"\r", b"").replace(b"\0", b"")
    )
)
MEDIA_TYPES = st.sampled_from(
    [
        *(b"application/json", b"application/json; charset=latin-1", b"application/xml", b"text/plain"),
        *(b"application/json; charset=\xff", b"application/x-www-form-urlencoded", b"", b"/", b"a/b; q="),
        *(b"multipart/form-data", b"multipart/form-data; boundary=x", b"text/plain; charset=utf-99"),
    ]
)
KEYS = st.sampled_from(["leaves", "by_name", "children", "name", "weight", "colour", "seen", "x", "y"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["leaves", "by_name", "children", "name", "weight", "colour", "seen", "x", "y", "age"]
            )
            | TEXTS,
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
DEEP = b"[" * 100_000
BODIES = (
    JSON.map(lambda value: json.dumps(value).encode())
    | BYTES
    | st.sampled_from(
        [DEEP, b'{"children":' * 5_000, b"<a>" * 5_000, b'{"a": 1e99999}', b"\xff\xfe{}", b'"\\ud800"']
    )
)
GOOD_VALUES = ("7", "1.50", "2020-01-31", "67e55044-10b1-426f-9247-bb680e5fe0c8", "red", "word")
METHODS = st.sampled_from(["GET", "PUT", "OPTIONS", "HEAD", "TRACE", "get", "", "A" * 50])
PATHS = st.sampled_from(
    ["tree", "plain-tree", "trees", "point", "named", "anything", "number", "text", "raw", "form"]
)
PARTS = st.tuples(
    st.sampled_from([b"number", b"words", b"pin", b"born", b"file", b"files", b"", b'a"b', b"\xff"]),
    st.sampled_from([b"", b'; filename="a.txt"', b'; filename=""', b"; filename*=utf-8''%ff", b"; filename"]),
    st.sampled_from([b"", b"\r\ncontent-type: text/plain", b"\r\ncontent-type: \xff", b"\r\nbroken"]),
    BYTES,
)


@fuzz
@given(values=st.tuples(*(st.just(good) | TEXTS for good in GOOD_VALUES)))
def test_any_path_is_answered(answering: Any, values: tuple[str, ...]) -> None:
    number, price, _, key, _, word = values

    assert answering.status("GET", f"/fuzz/path/{'/'.join(values)}") < 500
    assert answering.status("GET", f"/fuzz/typed/{number}/{price}/{key}/{word}") < 500


@fuzz
@given(
    pairs=st.lists(
        st.tuples(
            st.sampled_from(
                [
                    *("number", "share", "price", "flag", "day", "moment", "clock", "span", "key", "size"),
                    *(
                        "mode",
                        "either",
                        "numbers",
                        "words",
                        "small",
                        "iban",
                        "amount",
                        "word",
                        "tags",
                        "sizes",
                    ),
                    *("since", "page", "unknown"),
                ]
            ),
            TEXTS.map(lambda text: quote(text, errors="replace")) | BYTES.map(quote_from_bytes),
        ),
        max_size=5,
    ),
    raw=BYTES,
)
@example(pairs=[("number", "1" * 5000)], raw=b"")
@example(pairs=[("span", "9" * 400), ("moment", "9" * 30)], raw=b"&&==%%=%zz&\xff=\xff")
def test_any_query_is_answered(answering: Any, pairs: list[tuple[str, str]], raw: bytes) -> None:
    query = "&".join(f"{name}={value}" for name, value in pairs).encode()

    for path in ("/fuzz/query", "/fuzz/search"):
        assert answering.status("GET", path, query=query) < 500
        assert answering.status("GET", path, query=query + b"&" + raw) < 500


@fuzz
@given(headers=st.lists(st.tuples(HEADER_NAMES.map(str.encode), HEADER_VALUES), max_size=6))
def test_any_headers_are_answered(answering: Any, headers: list[tuple[bytes, bytes]]) -> None:
    assert answering.status("GET", "/fuzz/headers", headers=headers) < 500


@fuzz
@given(
    values=st.lists(st.tuples(st.sampled_from(["session", "theme", "visits", "", "a b"]), TEXTS), max_size=4)
)
def test_any_cookies_are_answered(answering: Any, values: list[tuple[str, str]]) -> None:
    cookies = "; ".join(f"{name}={value}" for name, value in values)
    header = (b"cookie", cookies.encode("utf-8", "replace"))

    assert answering.status("GET", "/fuzz/headers", headers=[header]) < 500


@fuzz
@given(path=PATHS, body=BODIES, media_type=MEDIA_TYPES | BYTES, accept=MEDIA_TYPES | BYTES)
@example(path="anything", body=DEEP, media_type=b"application/json", accept=b"")
@example(path="anything", body=b'{"a": "\\ud800"}', media_type=b"application/json", accept=b"")
@example(path="text", body=b"\xff", media_type=b"text/plain", accept=b"application/xml")
def test_any_body_is_answered(
    answering: Any, path: str, body: bytes, media_type: bytes, accept: bytes
) -> None:
    headers = [(b"content-type", media_type), (b"accept", accept)]

    assert answering.status("POST", f"/fuzz/{path}", headers=headers, body=body) < 500
    assert answering.status("POST", f"/fuzz/{path}", body=body) < 500


@fuzz
@given(value=JSON, path=PATHS)
def test_any_json_is_answered(answering: Any, value: Any, path: str) -> None:
    headers = [(b"content-type", b"application/json")]

    assert answering.status("POST", f"/fuzz/{path}", headers=headers, body=json.dumps(value).encode()) < 500


@fuzz
@given(parts=st.lists(PARTS, max_size=4), end=st.sampled_from([b"--x--\r\n", b"--x--", b"--x", b""]))
def test_any_form_is_answered(
    answering: Any, parts: list[tuple[bytes, bytes, bytes, bytes]], end: bytes
) -> None:
    body = b"".join(
        b'--x\r\ncontent-disposition: form-data; name="'
        + name
        + b'"'
        + file
        + extra
        + b"\r\n\r\n"
        + content
        + b"\r\n"
        for name, file, extra, content in parts
    )
    headers = [(b"content-type", b"multipart/form-data; boundary=x")]

    assert answering.status("POST", "/fuzz/form", headers=headers, body=body + end) < 500


@fuzz
@given(
    method=st.sampled_from(["GET", "PUT", "OPTIONS", "HEAD", "TRACE", "get", "", "A" * 50]), path=st.text()
)
def test_any_method_and_path_is_answered(answering: Any, method: str, path: str) -> None:
    assert answering.status(method, f"/{path}") < 500

# SPDX-License-Identifier: Apache-2.0
from dataclasses import dataclass
from typing import Annotated, Any

import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from pyfly.kernel import InvalidRequestException, UnsupportedMediaTypeException, ValidationException
from pyfly.web import Body, Valid
from pyfly.web.binding import Exchange
from pyfly.web.binding.body import body_binder


class Item(BaseModel):
    name: str
    price: float = 0


@dataclass
class Point:
    x: int
    y: int


class Named(TypedDict):
    name: str


@pytest.mark.parametrize(
    ("hint", "body", "value"),
    [
        (Item, b'{"name": "tea"}', Item(name="tea")),
        (Item | None, b'{"name": "tea"}', Item(name="tea")),
        (list[Item], b'[{"name": "tea"}]', [Item(name="tea")]),
        (dict[str, int], b'{"a": 1}', {"a": 1}),
        (Point, b'{"x": 1, "y": 2}', Point(1, 2)),
        (Named, b'{"name": "tea"}', {"name": "tea"}),
        (int, b"7", 7),
        (int | list[int], b"[7]", [7]),
        (str, "tüa".encode(), "tüa"),
        (str, b"", ""),
        (bytes, b"\xff", b"\xff"),
        (Item | None, b"", None),
    ],
)
def test_body_is_read(bind: Any, hint: Any, body: bytes, value: Any) -> None:
    def post(self: Any, data: Any) -> None: ...

    post.__annotations__["data"] = Body[hint]

    assert bind(post, body=body) == value


def test_valid_reports_every_fault(bind: Any) -> None:
    def post(self: Any, item: Valid[Item]) -> None: ...

    with pytest.raises(ValidationException) as caught:
        bind(post, body=b'{"price": "x"}')

    assert [fault["loc"] for fault in caught.value.context["errors"]] == [("name",), ("price",)]


def test_plain_body_lets_the_fault_of_pydantic_through(bind: Any) -> None:
    def post(self: Any, item: Body[Item]) -> None: ...

    with pytest.raises(pydantic.ValidationError):
        bind(post, body=b"{}")


@pytest.mark.parametrize(
    ("body", "message", "context"),
    [
        (b'{"name": ', "Invalid JSON: Expecting value", {"position": 9}),
        (b"nope", "Invalid JSON: Expecting value", {"position": 0}),
    ],
)
@pytest.mark.parametrize("marker", [Body, Valid])
def test_broken_json_is_told_apart(
    bind: Any, marker: Any, body: bytes, message: str, context: dict[str, Any]
) -> None:
    def post(self: Any, item: Any) -> None: ...

    post.__annotations__["item"] = marker[Item]

    with pytest.raises(InvalidRequestException) as caught:
        bind(post, body=body)

    assert (str(caught.value), caught.value.code) == (message, "INVALID_JSON")
    assert caught.value.context == context


def test_json_that_is_not_utf8_is_broken_json(bind: Any) -> None:
    def post(self: Any, item: Body[Item]) -> None: ...

    with pytest.raises(InvalidRequestException) as caught:
        bind(post, body=b'{"name": "\xff"}')

    assert caught.value.code == "INVALID_JSON"


def test_empty_body_is_refused(bind: Any) -> None:
    def post(self: Any, item: Body[Item]) -> None: ...

    with pytest.raises(InvalidRequestException) as caught:
        bind(post)

    assert (str(caught.value), caught.value.code) == ("Missing required request body", "MISSING_BODY")


def test_empty_body_takes_the_default(bind: Any) -> None:
    def post(self: Any, item: Body[Item] = Item(name="water")) -> None: ...  # noqa: B008 - never changed

    assert bind(post) == Item(name="water")


@pytest.mark.parametrize("content_type", ["application/json", "Application/JSON; charset=utf-8", "a/b+json"])
def test_json_media_types_are_read(bind: Any, content_type: str) -> None:
    def post(self: Any, item: Body[Item]) -> None: ...

    assert bind(post, body=b'{"name": "tea"}', headers={"content-type": content_type}) == Item(name="tea")


def test_other_media_type_is_refused(bind: Any) -> None:
    def post(self: Any, item: Body[Item]) -> None: ...

    with pytest.raises(UnsupportedMediaTypeException, match="text/csv"):
        bind(post, body=b"name\ntea", headers={"content-type": "text/csv"})


def test_text_body_must_be_utf8(bind: Any) -> None:
    def post(self: Any, text: Body[str]) -> None: ...

    with pytest.raises(InvalidRequestException) as caught:
        bind(post, body=b"\xff")

    assert caught.value.code == "INVALID_TEXT"


def test_constraint_of_a_text_body_is_checked(bind: Any) -> None:
    def post(self: Any, text: Valid[Annotated[str, Field(max_length=2)]]) -> None: ...

    assert bind(post, body=b"ab") == "ab"
    with pytest.raises(ValidationException):
        bind(post, body=b"abc")


@pytest.mark.parametrize("encoding", ["gzip", "br, identity", "identity, deflate"])
def test_encoded_body_is_refused(bind: Any, encoding: str) -> None:
    def post(self: Any, data: Body[bytes]) -> None: ...

    with pytest.raises(UnsupportedMediaTypeException) as caught:
        bind(post, body=b"\x1f\x8b", headers={"content-encoding": encoding})

    assert caught.value.code == "UNSUPPORTED_CONTENT_ENCODING"


@pytest.mark.parametrize("encoding", ["", "identity", "Identity, identity"])
def test_body_that_is_not_encoded_is_read(bind: Any, encoding: str) -> None:
    def post(self: Any, data: Body[int]) -> None: ...

    json = {"content-type": "application/json", "content-encoding": encoding}
    assert bind(post, body=b"7", headers=json) == 7


def test_xml_is_read(bind: Any) -> None:
    def post(self: Any, item: Valid[Item]) -> None: ...

    body = b"<item><name>tea</name><price>2.5</price></item>"

    assert bind(post, body=body, headers={"content-type": "application/xml"}) == Item(name="tea", price=2.5)


def test_faults_of_xml_are_reported_like_those_of_json(bind: Any) -> None:
    def post(self: Any, item: Valid[Item]) -> None: ...

    with pytest.raises(ValidationException) as caught:
        bind(post, body=b"<item><price>x</price></item>", headers={"content-type": "text/xml"})

    assert [fault["loc"] for fault in caught.value.context["errors"]] == [("name",), ("price",)]


def test_broken_xml_is_told_apart(bind: Any) -> None:
    def post(self: Any, item: Valid[Item]) -> None: ...

    with pytest.raises(InvalidRequestException) as caught:
        bind(post, body=b"<item>", headers={"content-type": "text/xml"})

    assert caught.value.code == "INVALID_XML"


@pytest.mark.parametrize("body", [b"[" * 100_000, b"[" * 100_000 + b"]" * 100_000, b'{"a":' * 100_000])
@pytest.mark.parametrize("hint", [Item, list[Any], dict[str, Any], Any])
def test_deep_nesting_is_broken_json(bind: Any, hint: Any, body: bytes) -> None:
    def post(self: Any, data: Any) -> None: ...

    post.__annotations__["data"] = Body[hint]

    with pytest.raises(InvalidRequestException) as caught:
        bind(post, body=body)

    assert caught.value.code == "INVALID_JSON"


@given(st.binary(max_size=200) | st.text(alphabet='{}[]",:0123456789.eE+-truefalsn\\u ').map(str.encode))
def test_any_body_is_read_or_refused(body: bytes) -> None:
    read = body_binder(Item, None, has_default=False, validate=True)
    exchange = Exchange({"headers": [(b"content-type", b"application/json")]}, None, None)
    exchange.body = body

    try:
        value = read(exchange)
    except (InvalidRequestException, ValidationException):
        return

    assert isinstance(value, Item)


@pytest.mark.parametrize(
    ("hint", "body", "loc"),
    [
        (Valid[Item], b"{}", ("name",)),
        (Valid[Body[Item]], b"{}", ("name",)),
        (Body[Valid[Item]], b"{}", ("name",)),
        (Valid[list[Item]], b"[{}]", (0, "name")),
        (Valid[dict[str, Item]], b'{"a": {}}', ("a", "name")),
        (Valid[Item | None], b"{}", ("name",)),
        (Valid[Point], b'{"x": 1}', ("y",)),
        (Valid[Named], b"{}", ("name",)),
        (Valid[Annotated[list[int], Field(max_length=1)]], b"[1, 2]", ()),
    ],
)
def test_every_form_of_valid_reports_faults(bind: Any, hint: Any, body: bytes, loc: tuple[Any, ...]) -> None:
    def post(self: Any, data: Any) -> None: ...

    post.__annotations__["data"] = hint

    with pytest.raises(ValidationException) as caught:
        bind(post, body=body)

    assert [fault["loc"] for fault in caught.value.context["errors"]] == [loc]

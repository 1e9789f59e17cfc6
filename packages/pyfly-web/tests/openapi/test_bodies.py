# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from pyfly.web import Body, Valid, post_mapping
from pyfly.web.openapi import operation
from pyfly.web.params import CommaSeparated, File, Form
from pyfly.web.uploads import UploadedFile

Document = Callable[..., dict[str, Any]]


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: int = 9


class Dog(BaseModel):
    kind: Literal["dog"]


Pet = Annotated[Cat | Dog, Field(discriminator="kind")]


@dataclass
class Point:
    x: int
    y: int = 0


class Size(TypedDict):
    width: int


@pytest.fixture
def body(document: Document) -> Callable[..., dict[str, Any]]:
    """Return the request body of an endpoint that takes a body of a type."""

    def body_for(hint: Any, *default: Any, **options: Any) -> dict[str, Any]:
        async def send(self: Any, body: Any) -> None: ...

        send.__annotations__["body"] = Body[hint]
        send.__defaults__ = default or None
        controller = type("Send", (), {"send": post_mapping("/send")(send)})
        found: dict[str, Any] = document(controller, **options)["paths"]["/send"]["post"]["requestBody"]
        return found

    return body_for


@pytest.mark.parametrize(
    ("hint", "schema"),
    [
        (Cat, {"$ref": "#/components/schemas/Cat"}),
        (list[Cat], {"type": "array", "items": {"$ref": "#/components/schemas/Cat"}}),
        (dict[str, int], {"type": "object", "additionalProperties": {"type": "integer"}}),
        (Point, {"$ref": "#/components/schemas/Point"}),
        (Size, {"$ref": "#/components/schemas/Size"}),
        (int, {"type": "integer"}),
        (
            Cat | int,
            {"anyOf": [{"$ref": "#/components/schemas/Cat"}, {"type": "integer"}]},
        ),
        (
            Pet,
            {
                "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
                "discriminator": {
                    "propertyName": "kind",
                    "mapping": {"cat": "#/components/schemas/Cat", "dog": "#/components/schemas/Dog"},
                },
            },
        ),
    ],
)
def test_body_is_json_of_its_type(body: Callable[..., Any], hint: Any, schema: dict[str, Any]) -> None:
    assert body(hint) == {"required": True, "content": {"application/json": {"schema": schema}}}


def test_text_body_is_plain_text(body: Callable[..., Any]) -> None:
    assert body(str) == {"required": True, "content": {"text/plain": {"schema": {"type": "string"}}}}


@pytest.mark.parametrize("hint", [bytes, bytes | None])
def test_raw_body_is_binary(body: Callable[..., Any], hint: Any) -> None:
    content = body(hint)["content"]

    assert content == {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


def test_body_with_a_default_need_not_be_sent(body: Callable[..., Any]) -> None:
    assert body(Cat | None)["required"] is False
    assert body(Cat, None)["required"] is False


def test_body_is_read_in_all_formats_of_the_application(body: Callable[..., Any]) -> None:
    found = body(Cat, request_media_types=["application/json", "application/xml"])

    assert list(found["content"]) == ["application/json", "application/xml"]


def test_marker_for_validation_alone_is_a_body(document: Document) -> None:
    class Send:
        @post_mapping("/send")
        async def send(self, cat: Valid[Cat]) -> None: ...

    content = document(Send)["paths"]["/send"]["post"]["requestBody"]["content"]

    assert content["application/json"]["schema"] == {"$ref": "#/components/schemas/Cat"}


def test_example_of_the_body_is_shown_as_json(document: Document) -> None:
    class Send:
        @operation(request_example=Cat(kind="cat"))
        @post_mapping("/send")
        async def send(self, cat: Valid[Cat]) -> None: ...

    content = document(Send)["paths"]["/send"]["post"]["requestBody"]["content"]

    assert content["application/json"]["example"] == {"kind": "cat", "lives": 9}


def test_files_are_parts_of_a_multipart_form(document: Document) -> None:
    class Send:
        @post_mapping("/send")
        async def send(
            self,
            photo: File[UploadedFile],
            scans: File[list[UploadedFile]],
            thumbnail: File[UploadedFile | None],
            note: Form[str],
            copies: Form[int] = 1,
        ) -> None: ...

    binary = {"type": "string", "format": "binary"}
    assert document(Send)["paths"]["/send"]["post"]["requestBody"] == {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "photo": binary,
                        "scans": {"type": "array", "items": binary},
                        "thumbnail": binary,
                        "note": {"type": "string"},
                        "copies": {"type": "integer", "default": 1},
                    },
                    "required": ["photo", "note"],
                }
            }
        },
    }


def test_form_without_files_can_be_sent_in_both_encodings(document: Document) -> None:
    class Whole:
        @post_mapping("/whole")
        async def send(self, cat: Form[Cat]) -> None: ...

    content = document(Whole)["paths"]["/whole"]["post"]["requestBody"]["content"]

    assert list(content) == ["application/x-www-form-urlencoded", "multipart/form-data"]
    assert content["multipart/form-data"]["schema"] == {
        "type": "object",
        "properties": {
            "kind": {"type": "string", "const": "cat", "title": "Kind"},
            "lives": {"type": "integer", "default": 9, "title": "Lives"},
        },
        "required": ["kind"],
    }


def test_list_in_one_text_of_a_form_is_shown_as_such(document: Document) -> None:
    class Send:
        @post_mapping("/send")
        async def send(self, tags: Form[Annotated[list[str], CommaSeparated]]) -> None: ...

    content = document(Send)["paths"]["/send"]["post"]["requestBody"]["content"]

    assert content["application/x-www-form-urlencoded"]["encoding"] == {
        "tags": {"style": "form", "explode": False}
    }


def test_form_that_may_be_empty_need_not_be_sent(document: Document) -> None:
    class Send:
        @post_mapping("/send")
        async def send(self, note: Form[str] = "") -> None: ...

    assert document(Send)["paths"]["/send"]["post"]["requestBody"]["required"] is False

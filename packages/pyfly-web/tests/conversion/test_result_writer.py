# SPDX-License-Identifier: Apache-2.0
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from pyfly.config.properties.content_negotiation import ContentNegotiationProperties
from pyfly.web.conversion import BodyConversion
from pyfly.web.errors import NotAcceptableException, RouteDefinitionError
from pyfly.web.json import JsonProperties, JsonSerializers, PyFlyJsonSerializer
from pyfly.web.message_converters import (
    JsonMessageConverter,
    MessageConverter,
    MessageConverterRegistry,
    XmlMessageConverter,
    default_message_converters,
)


class Item(BaseModel):
    name: str = "tea"


@dataclass
class Point:
    x: int


class Colour(Enum):
    RED = "red"


class Record(TypedDict):
    name: str


class Socket:
    """Something that is not data."""


class CsvConverter(MessageConverter):
    media_types = ("text/csv",)

    def write(self, value: Any) -> tuple[bytes, str]:
        return ",".join(map(str, value)).encode(), "text/csv; charset=utf-8"


class PrettyJson(JsonMessageConverter):
    def write(self, value: Any) -> tuple[bytes, str]:
        return b"pretty", "application/json"


class ReadOnly(MessageConverter):
    media_types = ("text/plain",)

    def read(self, body: bytes, target_type: Any) -> Any:
        return body.decode()


XML = b"<?xml version='1.0' encoding='utf-8'?><response><name>tea</name></response>"


def conversion(*converters: MessageConverter, **properties: Any) -> BodyConversion:
    return BodyConversion(
        registry=MessageConverterRegistry(converters), properties=ContentNegotiationProperties(**properties)
    )


@pytest.mark.parametrize(
    ("accept", "content", "content_type"),
    [
        (None, b'{"name":"tea"}', "application/json"),
        ("*/*", b'{"name":"tea"}', "application/json"),
        ("application/json", b'{"name":"tea"}', "application/json"),
        ("application/xml", XML, "application/xml"),
        ("text/xml", XML, "text/xml"),
    ],
)
def test_result_is_written_as_accepted(accept: str | None, content: bytes, content_type: str) -> None:
    writer = BodyConversion.of(None).writer(Item)

    assert writer.negotiate(Item(), accept) == (content, content_type)
    assert writer.negotiate(Item(), accept) == (content, content_type)


def test_answer_says_that_it_depends_on_accept() -> None:
    format_ = BodyConversion.of(None).writer(Item).choose(None)

    assert format_.answer(Item()) == (
        b'{"name":"tea"}',
        ((b"content-type", b"application/json"), (b"vary", b"Accept")),
    )
    assert format_.encode is not None
    assert (format_.encode(Item()), format_.headers) == format_.answer(Item())


def test_only_format_depends_on_nothing() -> None:
    writer = conversion(JsonMessageConverter(), ReadOnly()).writer()

    assert writer.json_only
    assert writer.choose(None).headers == ((b"content-type", b"application/json"),)


def test_client_that_takes_nothing_of_it_is_told_what_there_is() -> None:
    with pytest.raises(NotAcceptableException) as caught:
        BodyConversion.of(None).writer().choose(b"image/png")

    error = caught.value
    assert (error.http_status, error.code) == (406, "NOT_ACCEPTABLE")
    assert error.producible == ("application/json", "application/xml", "text/xml")
    assert error.context == {"producible": ["application/json", "application/xml", "text/xml"]}
    assert str(error) == (
        "Cannot answer in 'image/png'; accept one of: application/json, application/xml, text/xml"
    )


def test_long_header_is_cut_in_the_message() -> None:
    with pytest.raises(NotAcceptableException) as caught:
        BodyConversion.of(None).writer().choose(b"x" * 10_000)

    assert len(str(caught.value)) < 250


def test_lenient_application_answers_in_json() -> None:
    writer = conversion(*default_message_converters(), strict_accept=False).writer(Item)

    assert writer.negotiate(Item(), "image/png")[1] == "application/json"
    assert not writer.early


def test_one_writer_may_be_lenient() -> None:
    writer = BodyConversion.of(None).writer(Item, lenient=True)

    assert writer.negotiate(Item(), "image/png")[1] == "application/json"
    assert not writer.early


def test_converter_of_the_application_never_becomes_the_default() -> None:
    writer = conversion(CsvConverter(), *default_message_converters()).writer()

    assert writer.negotiate([1, 2], "*/*")[1] == "application/json"
    assert writer.negotiate([1, 2], "text/csv") == (b"1,2", "text/csv; charset=utf-8")
    assert writer.negotiate([1, 2], "text/csv, application/json") == (b"[1,2]", "application/json")


def test_converter_of_the_application_may_write_json() -> None:
    writer = conversion(PrettyJson(), *default_message_converters()).writer(Item)

    assert writer.negotiate(Item(), "application/json") == (b"pretty", "application/json")
    assert writer.json(Item()) == b"pretty"


def test_application_without_json_answers_in_its_first_format() -> None:
    writer = conversion(XmlMessageConverter(), CsvConverter()).writer(Item)

    assert writer.negotiate(Item(), None) == (XML, "application/xml")
    with pytest.raises(NotAcceptableException):
        writer.choose(b"application/json")


@pytest.mark.parametrize("converters", [[], [ReadOnly()]])
def test_application_that_cannot_write_does_not_start(converters: list[MessageConverter]) -> None:
    with pytest.raises(RouteDefinitionError, match="none of its converters writes answers"):
        conversion(*converters)


@pytest.mark.parametrize(
    "properties", [JsonProperties(), JsonProperties(by_alias=True), JsonProperties(exclude_none=True)]
)
@pytest.mark.parametrize("registry", [None, JsonSerializers()])
@pytest.mark.parametrize("hint", [Any, Item, list[Item], Item | None, dict[str, Item]])
@pytest.mark.parametrize("value", [Item(), [Item()], {"a": Item()}, "text", 1.5])
def test_announced_type_does_not_change_the_bytes(
    properties: JsonProperties, registry: JsonSerializers | None, hint: Any, value: Any
) -> None:
    serializer = PyFlyJsonSerializer(properties, registry)

    assert BodyConversion(serializer).writer(hint).json(value) == serializer.encode(value)


@pytest.mark.parametrize(
    ("hint", "early"),
    [
        (Item, True),
        (list[Item], True),
        (dict[str, Any], True),
        (Point, True),
        (Record, True),
        (Colour, True),
        (Literal["a"], True),
        (str, True),
        (Decimal, True),
        (UUID, True),
        (date | None, True),
        (Item | Point, True),
        (Annotated[Item, Field()], True),
        (Any, False),
        (object, False),
        (None, False),
        (bytes, False),
        (Socket, False),
        (Item | Socket, False),
        (type, False),
    ],
)
def test_refusal_comes_early_where_the_result_is_certainly_data(hint: Any, early: bool) -> None:
    assert BodyConversion.of(None).writer(hint).early is early


def test_little_is_remembered_of_many_headers() -> None:
    writer = BodyConversion.of(None).writer(Item)

    for number in range(1000):
        writer.choose(b"application/xml, x/%d" % number)

    writer.choose(b"application/xml" + b", a/b" * 1000)

    assert len(writer.known) <= 64
    assert writer.negotiate(Item(), None)[1] == "application/json"

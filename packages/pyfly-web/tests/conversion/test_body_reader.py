# SPDX-License-Identifier: Apache-2.0
from typing import Any

import pytest
from pydantic import BaseModel

from pyfly.config.properties.content_negotiation import ContentNegotiationProperties
from pyfly.kernel import UnsupportedMediaTypeException
from pyfly.web.conversion import BodyConversion
from pyfly.web.message_converters import (
    MessageConverter,
    MessageConverterRegistry,
    XmlMessageConverter,
    default_message_converters,
)


class Item(BaseModel):
    name: str


class CsvConverter(MessageConverter):
    media_types = ("text/csv",)

    def read(self, body: bytes, target_type: Any) -> Any:
        return target_type(name=body.decode().split(",")[0])


JSON_BODY, XML_BODY = b'{"name": "tea"}', b"<item><name>tea</name></item>"


def conversion(*converters: MessageConverter, **properties: Any) -> BodyConversion:
    registry = MessageConverterRegistry([*converters, *default_message_converters(read_xml=False)])
    return BodyConversion(registry=registry, properties=ContentNegotiationProperties(**properties))


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (b"application/json", JSON_BODY),
        (b"Application/JSON; charset=utf-8", JSON_BODY),
        (b"application/vnd.acme+json", JSON_BODY),
        (b"application/xml", XML_BODY),
        (b"text/xml; charset=utf-8", XML_BODY),
        (b"application/vnd.acme+xml", XML_BODY),
    ],
)
def test_content_type_chooses_the_reader(content_type: bytes, body: bytes) -> None:
    reader = BodyConversion.of(None).reader(Item)

    assert reader.choose(content_type)(body) == Item(name="tea")
    assert reader.choose(content_type)(body) == Item(name="tea")


@pytest.mark.parametrize(
    "content_type", [b"text/plain", b"text/csv", b"", b"*/*", b"application/*", b"\xff/json"]
)
def test_other_media_type_is_refused(content_type: bytes) -> None:
    with pytest.raises(UnsupportedMediaTypeException) as caught:
        BodyConversion.of(None).reader(Item).choose(content_type)

    assert caught.value.code == "UNSUPPORTED_MEDIA_TYPE"
    assert caught.value.context == {"readable": ["application/json", "application/xml", "text/xml"]}
    assert str(caught.value) == (
        f"Cannot read a body of type '{content_type.decode('latin-1')}'; "
        "send application/json, application/xml, text/xml"
    )


def test_body_of_an_untold_type_is_refused() -> None:
    # Pages of any origin can send such a body, and no browser asks first.
    with pytest.raises(UnsupportedMediaTypeException) as caught:
        BodyConversion.of(None).reader(Item).choose(None)

    assert str(caught.value) == (
        "Cannot read a body without a Content-Type; send application/json, application/xml, text/xml"
    )


def test_lenient_application_reads_everything_else_as_json() -> None:
    reader = conversion(strict_content_type=False).reader(Item)

    assert reader.choose(None)(JSON_BODY) == Item(name="tea")
    assert reader.choose(b"text/plain")(JSON_BODY) == Item(name="tea")


def test_xml_can_be_switched_off() -> None:
    with pytest.raises(UnsupportedMediaTypeException, match="send application/json"):
        conversion().reader(Item).choose(b"application/xml")


def test_converter_of_the_application_reads_its_media_type() -> None:
    reader = conversion(CsvConverter()).reader(Item)

    assert reader.choose(b"text/csv")(b"tea,1") == Item(name="tea")
    assert reader.choose(b"application/json")(JSON_BODY) == Item(name="tea")


def test_application_without_json_reads_in_its_first_format() -> None:
    registry = MessageConverterRegistry([CsvConverter(), XmlMessageConverter()])
    lenient = ContentNegotiationProperties(strict_content_type=False)

    reader = BodyConversion(registry=registry, properties=lenient).reader(Item)
    assert reader.choose(None)(b"tea,1") == Item(name="tea")
    with pytest.raises(UnsupportedMediaTypeException):
        BodyConversion(registry=registry).reader(Item).choose(b"application/json")


def test_little_is_remembered_of_many_content_types() -> None:
    reader = BodyConversion.of(None).reader(Item)

    for number in range(1000):
        reader.choose(b"application/json; n=%d" % number)

    reader.choose(b"application/json; n=" + b"x" * 10_000)

    assert len(reader.known) <= 64
    assert reader.choose(b"application/json")(JSON_BODY) == Item(name="tea")

# SPDX-License-Identifier: Apache-2.0
from typing import Any

import pydantic
import pytest
from pydantic import BaseModel

from pyfly.kernel import InvalidRequestException
from pyfly.web.json import JsonProperties, PyFlyJsonSerializer
from pyfly.web.message_converters import (
    JsonMessageConverter,
    MessageConverter,
    MessageConverterRegistry,
    XmlMessageConverter,
    default_message_converters,
)


class Line(BaseModel):
    name: str


class Order(BaseModel):
    lines: list[Line] = []


class CsvConverter(MessageConverter):
    media_types = ("text/csv; header=absent", "text/tab-separated-values")

    def write(self, value: Any) -> tuple[bytes, str]:
        return ",".join(map(str, value)).encode(), "text/csv"


class OtherJson(MessageConverter):
    media_types = ("application/json",)

    def write(self, value: Any) -> tuple[bytes, str]:
        return b"{}", "application/json"


@pytest.mark.parametrize(
    ("media_type", "answer"),
    [
        (None, False),
        ("application/json", True),
        ("Application/JSON; charset=utf-8", True),
        ("*/*", True),
        ("application/vnd.acme+json", True),
        ("application/xml", False),
        ("", False),
    ],
)
def test_converter_knows_its_media_types(media_type: str | None, answer: bool) -> None:
    assert JsonMessageConverter().supports(media_type) is answer


def test_converter_can_do_what_it_overrides() -> None:
    assert (CsvConverter().can_read, CsvConverter().can_write) == (False, True)
    assert (XmlMessageConverter().can_read, XmlMessageConverter(can_write=False).can_write) == (True, False)


def test_what_is_not_overridden_says_so() -> None:
    with pytest.raises(NotImplementedError, match="CsvConverter does not read"):
        CsvConverter().read(b"", str)

    with pytest.raises(NotImplementedError, match="MessageConverter does not write"):
        MessageConverter().write(1)


def test_parameters_of_own_media_types_do_not_matter() -> None:
    assert CsvConverter().supports("text/csv")


def test_json_is_read() -> None:
    converter = JsonMessageConverter()

    assert converter.read(b'{"lines": [{"name": "tea"}]}', Order) == Order(lines=[Line(name="tea")])
    assert converter.read(b'{"a": [1]}', dict[str, Any]) == {"a": [1]}
    assert converter.read(b"", Order) is None


def test_broken_json_is_told_apart_from_wrong_json() -> None:
    converter = JsonMessageConverter()

    with pytest.raises(InvalidRequestException, match="Invalid JSON") as caught:
        converter.read(b'{"lines": ', Order)

    assert (caught.value.code, caught.value.context) == ("INVALID_JSON", {"position": 10})
    with pytest.raises(pydantic.ValidationError):
        converter.read(b'{"lines": 1}', Order)


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b"[" * 100_000 + b"]" * 100_000,
        b'{"a":' * 100_000,
        b"\xff",
        b"\xef\xbb\xbf{}",
        b"1" * 5000 + b"x",
    ],
)
def test_hostile_json_is_refused(body: bytes) -> None:
    with pytest.raises(InvalidRequestException) as caught:
        JsonMessageConverter().read(body, dict[str, Any])

    assert caught.value.code == "INVALID_JSON"


@pytest.mark.parametrize(
    ("converter", "body"),
    [
        (JsonMessageConverter(fail_on_unknown=True), b'{"lines": [{"name": "tea", "other": 1}]}'),
        (XmlMessageConverter(fail_on_unknown=True), b"<a><lines><name>tea</name><other/></lines></a>"),
    ],
)
def test_unknown_fields_are_refused_at_any_depth(converter: MessageConverter, body: bytes) -> None:
    with pytest.raises(pydantic.ValidationError) as caught:
        converter.read(body, Order)

    assert caught.value.errors()[0]["loc"] == ("lines", 0, "other")


def test_model_of_strict_types_is_read_from_the_texts_of_xml() -> None:
    class Strict(BaseModel):
        model_config = pydantic.ConfigDict(strict=True)

        count: int
        lines: list[Line]

    read = XmlMessageConverter().read(b"<a><count>7</count><lines><name>tea</name></lines></a>", Strict)

    assert read == Strict(count=7, lines=[Line(name="tea")])


@pytest.mark.parametrize("converter", [JsonMessageConverter(fail_on_unknown=True), JsonMessageConverter()])
def test_strictness_does_not_change_the_model(converter: MessageConverter) -> None:
    order = converter.read(b'{"lines": []}', Order)

    assert type(order) is Order
    assert order == Order()


def test_both_formats_are_written_by_one_serializer() -> None:
    json, xml = default_message_converters(PyFlyJsonSerializer(JsonProperties(exclude_none=True)))

    assert json.write({"a": None, "b": 1}) == (b'{"b":1}', "application/json")
    assert xml.write({"a": None, "b": True}) == (
        b"<?xml version='1.0' encoding='utf-8'?><response><b>true</b></response>",
        "application/xml",
    )


def test_first_converter_counts() -> None:
    own = OtherJson()
    registry = MessageConverterRegistry(default_message_converters())
    registry.add(own)

    assert registry.find_writer("application/json") is own
    assert registry.converters[0] is own


def test_list_of_converters_is_a_copy() -> None:
    registry = MessageConverterRegistry([CsvConverter()])

    registry.converters.clear()

    assert len(registry.converters) == 1


@pytest.mark.parametrize(
    ("content_type", "kind"),
    [
        (None, JsonMessageConverter),
        ("text/plain", JsonMessageConverter),
        ("text/xml; charset=utf-8", XmlMessageConverter),
    ],
)
def test_reader_is_found(content_type: str | None, kind: type) -> None:
    registry = MessageConverterRegistry([CsvConverter(), *default_message_converters()])

    assert type(registry.find_reader(content_type)) is kind


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (None, JsonMessageConverter),
        ("application/xml;q=0.9, application/json;q=0.1", XmlMessageConverter),
        ("text/plain", JsonMessageConverter),
    ],
)
def test_writer_is_found(accept: str | None, kind: type) -> None:
    assert type(MessageConverterRegistry(default_message_converters()).find_writer(accept)) is kind


def test_empty_registry_finds_nothing() -> None:
    registry = MessageConverterRegistry()

    assert registry.find_reader("application/json") is None
    assert registry.find_writer(None) is None

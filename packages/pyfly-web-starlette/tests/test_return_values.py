# SPDX-License-Identifier: Apache-2.0
import json
from typing import Any

import pytest
from pydantic import BaseModel
from starlette.responses import PlainTextResponse

from pyfly.web.adapters.starlette.response import XMLResponse, handle_return_value
from pyfly.web.errors import NotAcceptableException
from pyfly.web.message_converters import JsonMessageConverter, MessageConverterRegistry


class Item(BaseModel):
    name: str = "tea"


@pytest.mark.parametrize(
    ("result", "parsed"),
    [
        (Item(), {"name": "tea"}),
        ([Item()], [{"name": "tea"}]),
        ("text", "text"),
        ((201, 1), [201, 1]),
        ({}, {}),
    ],
)
def test_result_becomes_json(result: Any, parsed: Any) -> None:
    response = handle_return_value(result, 201)

    assert (response.status_code, response.media_type) == (201, "application/json")
    assert json.loads(response.body) == parsed


@pytest.mark.parametrize(("declared", "status"), [(200, 204), (201, 201), (204, 204)])
def test_nothing_is_an_empty_response(declared: int, status: int) -> None:
    response = handle_return_value(None, declared)

    assert (response.status_code, response.body) == (status, b"")


def test_response_stays_as_it_is() -> None:
    response = PlainTextResponse("tea", 418)

    assert handle_return_value(response, 201) is response


def test_status_without_body_has_none() -> None:
    assert handle_return_value(Item(), 204).body == b""


def test_accept_chooses_the_format() -> None:
    response = handle_return_value(Item(), accept="application/xml")

    assert response.media_type == "application/xml"
    assert response.body == b"<?xml version='1.0' encoding='utf-8'?><response><name>tea</name></response>"


def test_unacceptable_format_is_refused() -> None:
    with pytest.raises(NotAcceptableException):
        handle_return_value(Item(), accept="image/png")


def test_converters_may_be_given() -> None:
    registry = MessageConverterRegistry([JsonMessageConverter()])

    assert handle_return_value(Item(), converters=registry).media_type == "application/json"
    with pytest.raises(NotAcceptableException):
        handle_return_value(Item(), accept="text/xml", converters=registry)


@pytest.mark.parametrize(
    ("content", "body"),
    [
        ("<a/>", b"<a/>"),
        (b"<a/>", b"<a/>"),
        (memoryview(b"<a/>"), b"<a/>"),
        (None, b""),
        ({"a": 1}, b"<?xml version='1.0' encoding='utf-8'?><response><a>1</a></response>"),
    ],
)
def test_response_in_xml(content: Any, body: bytes) -> None:
    response = XMLResponse(content)

    assert (response.body, response.media_type) == (body, "application/xml")
    assert response.headers["content-type"] == "application/xml"

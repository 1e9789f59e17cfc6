# SPDX-License-Identifier: Apache-2.0
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, Response
from starlette.testclient import TestClient

from pyfly.config.store import Config
from pyfly.container.bean import bean
from pyfly.container.stereotypes import component, configuration
from pyfly.context import ApplicationContext
from pyfly.web import (
    Body,
    JsonSerializers,
    MessageConverter,
    QueryParam,
    Valid,
    controller_advice,
    exception_handler,
    get_mapping,
    post_mapping,
    rest_controller,
)
from pyfly.web.adapters.starlette.app import create_app


class Line(BaseModel):
    name: str
    note: str | None = None


class Order(BaseModel):
    lines: list[Line]


class Money:
    """A type that JSON knows nothing about."""


class OutOfTea(Exception):
    """What an advice answers for."""


CALLS: list[str] = []


@rest_controller
class Orders:
    @get_mapping("/order")
    async def order(self) -> Order:
        CALLS.append("order")
        return Order(lines=[Line(name="tea")])

    @get_mapping("/page")
    async def page(self) -> Response:
        return HTMLResponse("<p>tea</p>")

    @get_mapping("/anything")
    async def anything(self, page: QueryParam[bool] = False) -> Any:
        CALLS.append("anything")
        return HTMLResponse("<p>tea</p>") if page else {"a": 1}

    @get_mapping("/nothing")
    async def nothing(self) -> None:
        CALLS.append("nothing")

    @get_mapping("/money")
    async def money(self) -> list[Money]:
        return [Money()]

    @get_mapping("/rows")
    async def rows(self) -> list[int]:
        return [1, 2]

    @get_mapping("/broken")
    async def broken(self) -> Order:
        raise OutOfTea

    @post_mapping("/orders")
    async def add(self, order: Valid[Order]) -> Order:
        return order

    @post_mapping("/raw")
    async def raw(self, order: Body[Order]) -> int:
        return len(order.lines)


@controller_advice
class TeaAdvice:
    @exception_handler(OutOfTea, status_code=503)
    async def out_of_tea(self, exc: OutOfTea) -> dict[str, str]:
        return {"sorry": "back at five"}


@component
class CsvConverter(MessageConverter):
    media_types = ("text/csv",)

    def write(self, value: Any) -> tuple[bytes, str]:
        return ",".join(map(str, value)).encode(), "text/csv; charset=utf-8"


@configuration
class Encoders:
    @bean
    def serializers(self) -> JsonSerializers:
        serializers = JsonSerializers()
        serializers.register(Money, encode=lambda money: "1 EUR")
        return serializers


def client_of(*beans: type, **settings: Any) -> TestClient:
    context = ApplicationContext(Config({"pyfly": {"web": settings}}))
    for each in (Orders, TeaAdvice, *beans):
        context.register_bean(each)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        await context.start()
        yield
        await context.stop()

    CALLS.clear()
    return TestClient(create_app(context=context, lifespan=lifespan))


ORDER_XML = (
    "<?xml version='1.0' encoding='utf-8'?><response><lines><name>tea</name><note /></lines></response>"
)


def test_client_chooses_the_format() -> None:
    with client_of() as client:
        json = client.get("/order")
        xml = client.get("/order", headers={"Accept": "application/xml"})
        text = client.get("/order", headers={"Accept": "text/xml"})

    assert json.json() == {"lines": [{"name": "tea", "note": None}]}
    assert (json.headers["content-type"], json.headers["vary"]) == ("application/json", "Accept")
    assert (xml.text, xml.headers["content-type"], xml.headers["vary"]) == (
        ORDER_XML,
        "application/xml",
        "Accept",
    )
    assert text.headers["content-type"] == "text/xml"


def test_browser_gets_json() -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
    with client_of() as client:
        assert client.get("/order", headers={"Accept": accept}).headers["content-type"] == "application/json"


def test_unacceptable_answer_is_refused_before_the_handler_runs() -> None:
    with client_of() as client:
        answer = client.get("/order", headers={"Accept": "image/png"})

    assert (answer.status_code, answer.json()["code"]) == (406, "NOT_ACCEPTABLE")
    assert answer.json()["context"] == {"producible": ["application/json", "application/xml", "text/xml"]}
    assert answer.headers["content-type"] == "application/problem+json"
    assert CALLS == []


def test_response_of_the_handler_is_not_negotiated() -> None:
    with client_of() as client:
        page = client.get("/page", headers={"Accept": "text/html"})
        untyped = client.get("/anything?page=true", headers={"Accept": "text/html"})
        nothing = client.get("/nothing", headers={"Accept": "text/html"})

    assert (page.text, untyped.text) == ("<p>tea</p>", "<p>tea</p>")
    assert nothing.status_code == 204


def test_untyped_data_is_refused_when_it_is_there() -> None:
    with client_of() as client:
        assert client.get("/anything", headers={"Accept": "text/html"}).status_code == 406

    assert CALLS == ["anything"]


def test_exception_handler_is_heard_in_any_case() -> None:
    with client_of() as client:
        asked = client.get("/broken", headers={"Accept": "application/xml"})
        untyped = client.get("/broken", headers={"Accept": "application/json"})

    assert (asked.status_code, asked.headers["content-type"]) == (503, "application/xml")
    assert (untyped.status_code, untyped.json()) == (503, {"sorry": "back at five"})


def test_lenient_application_answers_in_json_and_reads_it() -> None:
    settings = {"content-negotiation": {"strict-accept": False, "strict-content-type": False}}
    with client_of(**settings) as client:
        answer = client.get("/order", headers={"Accept": "image/png"})
        added = client.post("/orders", content='{"lines": []}', headers={"Content-Type": "text/plain"})

    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert (added.status_code, added.json()) == (200, {"lines": []})


def test_xml_can_be_switched_off() -> None:
    with client_of(**{"content-negotiation": {"xml": {"read": False, "write": False}}}) as client:
        read = client.post("/orders", content="<a/>", headers={"Content-Type": "application/xml"})
        written = client.get("/order", headers={"Accept": "application/xml"})
        plain = client.get("/order")

    assert (read.status_code, written.status_code) == (415, 406)
    assert "vary" not in plain.headers


def test_settings_of_json_are_obeyed_by_both_formats() -> None:
    with client_of(json={"exclude-none": True}) as client:
        assert client.get("/order").json() == {"lines": [{"name": "tea"}]}
        assert "note" not in client.get("/order", headers={"Accept": "application/xml"}).text


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        ('{"lines": [{"name": "tea", "other": 1}]}', "application/json"),
        ("<o><lines><name>tea</name><other>1</other></lines></o>", "application/xml"),
    ],
)
def test_unknown_fields_are_refused_on_demand(content: str, content_type: str) -> None:
    with client_of(json={"fail-on-unknown-properties": "true"}) as client:
        answer = client.post("/orders", content=content, headers={"Content-Type": content_type})

    assert answer.status_code == 422
    assert [fault["loc"] for fault in answer.json()["errors"]] == [["lines", 0, "other"]]


def test_bodies_in_xml_are_read() -> None:
    content = "<order><lines><name>tea</name></lines></order>"
    with client_of() as client:
        answer = client.post("/orders", content=content, headers={"Content-Type": "application/xml"})
        broken = client.post("/raw", content="<order>", headers={"Content-Type": "application/xml"})
        plain = client.post("/raw", content="<order><lines/></order>", headers={"Content-Type": "text/xml"})

    assert answer.json() == {"lines": [{"name": "tea", "note": None}]}
    assert (broken.status_code, broken.json()["code"]) == (400, "INVALID_XML")
    assert plain.status_code == 422


def test_compressed_body_is_refused() -> None:
    with client_of() as client:
        answer = client.post("/orders", content=b"\x1f\x8b", headers={"Content-Encoding": "gzip"})

    assert (answer.status_code, answer.json()["code"]) == (415, "UNSUPPORTED_CONTENT_ENCODING")


def test_converters_and_encoders_of_the_application_take_part() -> None:
    with client_of(CsvConverter, Encoders) as client:
        rows = client.get("/rows", headers={"Accept": "text/csv"})
        assert client.get("/money").json() == ["1 EUR"]
        assert client.get("/rows").json() == [1, 2]

    assert (rows.text, rows.headers["content-type"]) == ("1,2", "text/csv; charset=utf-8")


def test_application_object_tells_how_it_serializes() -> None:
    with client_of(Encoders) as client:
        state = client.app.state  # type: ignore[attr-defined]  # the test client knows it as an ASGI callable

        assert state.pyfly_json_serializer.encode(Money()) == b'"1 EUR"'
        assert [type(it).__name__ for it in state.pyfly_message_converters.converters] == [
            "JsonMessageConverter",
            "XmlMessageConverter",
        ]

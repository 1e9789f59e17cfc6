# SPDX-License-Identifier: Apache-2.0
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from opentelemetry import trace
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind
from opentelemetry.util._once import Once

from pyfly.container.stereotypes import component, rest_controller
from pyfly.web import PathVar, get_mapping, request_mapping
from pyfly.web.filters import Interceptor

OFF = {"pyfly": {"web": {"fastapi": {"native-telemetry": False}}}}
ON = {"pyfly": {"web": {"fastapi": {"native-telemetry": True}}}}


@rest_controller
@request_mapping("/items")
class ItemController:
    @get_mapping("/{item_id:int}")
    async def find(self, item_id: PathVar[int]) -> int:
        return item_id


@component
class OwnTracing(Interceptor):
    opens_server_span = True


router = APIRouter(prefix="/shop")


@router.get("/{name}")
async def native(name: str) -> str:
    return name


def add_natives(app: FastAPI) -> None:
    app.include_router(router)

    @app.get("/native/{name}")
    async def direct(name: str) -> str:
        return name


@pytest.fixture
def exporter(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """Record the spans of the process until the test has ended."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "_TRACER_PROVIDER", None)
    monkeypatch.setattr(trace, "_TRACER_PROVIDER_SET_ONCE", Once())
    trace.set_tracer_provider(provider)
    yield exporter
    provider.shutdown()


def server_spans(exporter: InMemorySpanExporter) -> list[ReadableSpan]:
    return [span for span in exporter.get_finished_spans() if span.kind is SpanKind.SERVER]


def test_fastapi_records_controllers_by_their_route(serve: Any, exporter: InMemorySpanExporter) -> None:
    with serve(ItemController, prepare=add_natives) as client:
        client.get("/items/7")

    (span,) = server_spans(exporter)
    assert span.name == "GET /items/{item_id}"
    assert span.attributes is not None
    assert span.attributes["http.route"] == "/items/{item_id}"
    assert span.attributes["http.response.status_code"] == 200


@pytest.mark.parametrize(
    ("path", "name"), [("/native/a", "GET /native/{name}"), ("/shop/a", "GET /shop/{name}")]
)
def test_fastapi_records_its_own_routes(
    serve: Any, exporter: InMemorySpanExporter, path: str, name: str
) -> None:
    with serve(ItemController, prepare=add_natives) as client:
        client.get(path)

    assert [span.name for span in server_spans(exporter)] == [name]


def test_setting_switches_fastapis_telemetry_off(serve: Any, exporter: InMemorySpanExporter) -> None:
    with serve(ItemController, prepare=add_natives, config=OFF) as client:
        client.get("/items/7")
        client.get("/native/a")

    assert exporter.get_finished_spans() == ()


def test_fastapi_records_nothing_where_a_filter_opens_the_server_span(
    serve: Any, exporter: InMemorySpanExporter
) -> None:
    with serve(ItemController, OwnTracing, prepare=add_natives) as client:
        client.get("/items/7")
        client.get("/native/a")

    assert server_spans(exporter) == []


def test_setting_goes_before_the_filters(serve: Any, exporter: InMemorySpanExporter) -> None:
    with serve(ItemController, OwnTracing, config=ON) as client:
        client.get("/items/7")

    assert [span.name for span in server_spans(exporter)] == ["GET /items/{item_id}"]


def test_nothing_is_recorded_without_a_provider(serve: Any) -> None:
    with serve(ItemController, prepare=add_natives) as client:
        assert client.get("/items/7").json() == 7
        assert client.get("/native/a").json() == "a"

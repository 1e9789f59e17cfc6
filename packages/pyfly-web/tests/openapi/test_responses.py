# SPDX-License-Identifier: Apache-2.0
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Annotated, Any

import pytest
from pydantic import BaseModel, Field

from pyfly.web import Body, PathVar, QueryParam, Valid, get_mapping, post_mapping
from pyfly.web.files import FileResult
from pyfly.web.openapi import operation
from pyfly.web.sse import SseEmitter, SseEvent, sse_mapping

Document = Callable[..., dict[str, Any]]
Responses = Callable[..., dict[str, Any]]

BINARY = {"type": "string", "format": "binary"}


class Item(BaseModel):
    name: str


class Order(BaseModel):
    id: int


ITEM = {"$ref": "#/components/schemas/Item"}


@pytest.fixture
def responses(document: Document) -> Responses:
    """Return the answers of an endpoint that returns a type, without those for errors."""

    def responses_for(hint: Any, mapping: Any = None, **options: Any) -> dict[str, Any]:
        async def find(self: Any) -> None: ...

        find.__annotations__["return"] = hint
        controller = type("Find", (), {"find": (mapping or get_mapping("/find"))(find)})
        found: dict[str, Any] = document(controller, **options)["paths"]["/find"]["get"]["responses"]
        return {status: answer for status, answer in found.items() if status != "default"}

    return responses_for


def as_json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": "Successful response", "content": {"application/json": {"schema": schema}}}


@pytest.mark.parametrize(
    ("hint", "schema"),
    [
        (Item, ITEM),
        (list[Item], {"type": "array", "items": ITEM}),
        (dict[str, Item], {"type": "object", "additionalProperties": ITEM}),
        (Item | Order, {"anyOf": [ITEM, {"$ref": "#/components/schemas/Order"}]}),
        (str, {"type": "string"}),
        (int, {"type": "integer"}),
    ],
)
def test_result_is_json_of_its_type(responses: Responses, hint: Any, schema: dict[str, Any]) -> None:
    assert responses(hint) == {"200": as_json(schema)}


def test_results_are_written_in_all_formats_of_the_application(responses: Responses) -> None:
    found = responses(Item, response_media_types=["application/json", "application/xml"])

    assert found["200"]["content"] == {
        "application/json": {"schema": ITEM},
        "application/xml": {"schema": ITEM},
    }


def test_declared_status_is_the_key(responses: Responses) -> None:
    assert responses(Item, get_mapping("/find", status_code=202)) == {"202": as_json(ITEM)}


def test_nothing_is_no_content(responses: Responses) -> None:
    assert responses(None) == {"204": {"description": "No Content"}}
    assert responses(None, get_mapping("/find", status_code=202)) == {
        "202": {"description": "Successful response"}
    }


def test_status_without_a_body_has_no_content(responses: Responses) -> None:
    assert responses(Item, get_mapping("/find", status_code=204)) == {"204": {"description": "No Content"}}


def test_what_may_be_nothing_has_both_answers(responses: Responses) -> None:
    assert responses(Item | None) == {"200": as_json(ITEM), "204": {"description": "No Content"}}


def test_unknown_result_has_no_content(responses: Responses) -> None:
    assert responses(Any) == {"200": {"description": "Successful response"}}


def test_ready_made_response_has_no_content(responses: Responses, ready_made: type) -> None:
    assert responses(ready_made) == {"200": {"description": "Successful response"}}
    assert responses(Item | ready_made) == {"200": as_json(ITEM)}


def test_type_without_a_schema_may_be_anything(responses: Responses) -> None:
    class Opaque: ...

    assert responses(Opaque) == {"200": as_json({})}


@pytest.mark.parametrize("hint", [FileResult, Path, FileResult | Path])
def test_file_is_binary(responses: Responses, hint: Any) -> None:
    assert responses(hint)["200"]["content"] == {"application/octet-stream": {"schema": BINARY}}


def test_file_of_a_declared_media_type_is_shown_as_such(responses: Responses) -> None:
    found = responses(FileResult, get_mapping("/find", produces="application/pdf"))

    assert found["200"]["content"] == {"application/pdf": {"schema": BINARY}}


def test_text_of_a_declared_media_type_is_shown_as_such(responses: Responses) -> None:
    found = responses(str, get_mapping("/find", produces="text/csv"))

    assert found["200"]["content"] == {"text/csv": {"schema": {"type": "string"}}}


def test_declared_media_type_does_not_touch_models(responses: Responses) -> None:
    assert responses(Item, get_mapping("/find", produces="text/csv")) == {"200": as_json(ITEM)}


@pytest.mark.parametrize(
    ("hint", "content"),
    [
        (AsyncIterator[bytes], {"application/octet-stream": {"schema": BINARY}}),
        (Iterator[str], {"text/plain": {"schema": {"type": "string"}}}),
        (AsyncIterator[Item], {"application/x-ndjson": {"schema": ITEM}}),
    ],
)
def test_stream_is_shown_by_its_items(responses: Responses, hint: Any, content: dict[str, Any]) -> None:
    assert responses(hint)["200"]["content"] == content


def test_stream_of_a_declared_media_type_is_shown_as_such(responses: Responses) -> None:
    found = responses(AsyncIterator[str], get_mapping("/find", produces="text/csv"))

    assert found["200"]["content"] == {"text/csv": {"schema": {"type": "string"}}}


@pytest.mark.parametrize(
    ("hint", "items"),
    [(AsyncIterator[Item], ITEM), (AsyncIterator[SseEvent], {}), (SseEmitter, {}), (Any, {})],
)
def test_event_stream_is_shown_by_the_data_of_its_events(
    document: Document, hint: Any, items: dict[str, Any]
) -> None:
    async def watch(self: Any) -> None: ...

    watch.__annotations__["return"] = hint
    controller = type("Watch", (), {"watch": sse_mapping("/watch")(watch)})

    assert document(controller)["paths"]["/watch"]["get"]["responses"]["200"] == {
        "description": "Server-sent events",
        "content": {"text/event-stream": {"schema": {"type": "array", "items": items}}},
    }


def test_emitter_from_an_ordinary_endpoint_is_an_event_stream(responses: Responses) -> None:
    assert list(responses(SseEmitter)["200"]["content"]) == ["text/event-stream"]


def test_example_of_the_answer_is_shown_as_json(responses: Responses) -> None:
    example = operation(response_example=Item(name="tea"))

    found = responses(Item, lambda function: example(get_mapping("/find")(function)))

    assert found["200"]["content"]["application/json"]["example"] == {"name": "tea"}


def test_operation_without_input_can_only_fail_in_general(document: Document) -> None:
    class Find:
        @get_mapping("/find")
        async def find(self) -> None: ...

    generated = document(Find)

    assert generated["paths"]["/find"]["get"]["responses"] == {
        "204": {"description": "No Content"},
        "default": {"$ref": "#/components/responses/Error"},
    }
    assert generated["components"]["responses"] == {
        "Error": {
            "description": "Any other error",
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    }
    assert list(generated["components"]["schemas"]) == ["Problem"]


def test_body_that_is_validated_documents_its_faults(document: Document) -> None:
    class Send:
        @post_mapping("/send", status_code=201)
        async def send(self, item: Valid[Item]) -> None: ...

    generated = document(Send)

    found = generated["paths"]["/send"]["post"]["responses"]
    assert list(found) == ["201", "400", "422", "default"]
    assert found["422"] == {
        "description": "Validation Error",
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/HTTPValidationError"}}
        },
    }
    errors = generated["components"]["schemas"]["HTTPValidationError"]["properties"]["errors"]
    assert errors["items"] == {"$ref": "#/components/schemas/ValidationError"}


@pytest.mark.parametrize(
    ("hint", "problems"),
    [
        (PathVar[str], ["default"]),
        (PathVar[int], ["400", "default"]),
        (QueryParam[str], ["400", "default"]),
        (QueryParam[str | None], ["400", "default"]),
    ],
)
def test_problems_are_those_that_the_input_can_cause(
    document: Document, hint: Any, problems: list[str]
) -> None:
    async def find(self: Any, key: Any) -> None: ...

    find.__annotations__["key"] = hint
    controller = type("Find", (), {"find": get_mapping("/find/{key}")(find)})

    found = document(controller)["paths"]["/find/{key}"]["get"]["responses"]

    assert list(found) == ["204", *problems]


def test_constraint_of_a_parameter_documents_its_faults(document: Document) -> None:
    class Find:
        @get_mapping("/find")
        async def find(self, page: QueryParam[Annotated[int, Field(ge=1)]] = 1) -> None: ...

    assert "422" in document(Find)["paths"]["/find"]["get"]["responses"]


def test_raw_body_cannot_be_invalid(document: Document) -> None:
    class Send:
        @post_mapping("/send")
        async def send(self, content: Body[bytes]) -> None: ...

    assert list(document(Send)["paths"]["/send"]["post"]["responses"]) == ["204", "default"]


def test_errors_can_be_envelopes(document: Document) -> None:
    class Send:
        @post_mapping("/send")
        async def send(self, item: Valid[Item]) -> None: ...

    generated = document(Send, problem_details=False)

    found = generated["paths"]["/send"]["post"]["responses"]
    schemas = generated["components"]["schemas"]
    assert found["422"]["content"] == {
        "application/json": {"schema": {"$ref": "#/components/schemas/HTTPValidationError"}}
    }
    assert list(schemas["HTTPValidationError"]["properties"]) == ["error"]
    assert list(schemas["ErrorEnvelope"]["properties"]) == ["error"]
    assert "Problem" not in schemas


def test_application_may_have_models_named_like_those_of_errors(document: Document) -> None:
    class Problem(BaseModel):
        text: str

    class Find:
        @get_mapping("/find")
        async def find(self) -> Problem: ...

    generated = document(Find)

    schemas = generated["components"]["schemas"]
    shown = generated["paths"]["/find"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert len(schemas) == 2
    assert list(schemas[shown["$ref"].rpartition("/")[2]]["properties"]) == ["text"]

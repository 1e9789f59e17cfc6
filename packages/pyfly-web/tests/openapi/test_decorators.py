# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable
from typing import Any

import pytest
from pydantic import BaseModel

from pyfly.web import get_mapping
from pyfly.web.openapi import operation

Document = Callable[..., dict[str, Any]]


class Item(BaseModel):
    name: str


class Refusal(BaseModel):
    reason: str


def only_operation(document: dict[str, Any]) -> dict[str, Any]:
    ((item,),) = (document["paths"].values(),)
    found: dict[str, Any] = item["get"]
    return found


@operation(tags=["stock"], security=["token"])
class Shelf:
    @operation(
        summary="Look",
        description="Look *closely*.",
        operation_id="look",
        responses={
            200: "What is there.",
            404: "Nothing is there.",
            409: Refusal,
            410: (Refusal, "It was there."),
            429: None,
            503: "Closed.",
        },
    )
    @get_mapping("/look")
    async def find(self) -> Item:
        """Find."""
        return Item(name="tea")


def test_texts_win_over_the_docstring(document: Document) -> None:
    found = only_operation(document(Shelf))

    assert (found["summary"], found["description"], found["operationId"]) == (
        "Look",
        "Look *closely*.",
        "look",
    )


def test_text_of_the_normal_answer_keeps_its_content(document: Document) -> None:
    answer = only_operation(document(Shelf))["responses"]["200"]

    assert answer["description"] == "What is there."
    assert answer["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Item"}


@pytest.mark.parametrize(("status", "text"), [("404", "Nothing is there."), ("503", "Closed.")])
def test_text_alone_stands_for_a_problem_document(document: Document, status: str, text: str) -> None:
    assert only_operation(document(Shelf))["responses"][status] == {
        "description": text,
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


@pytest.mark.parametrize(("status", "text"), [("409", "Conflict"), ("410", "It was there.")])
def test_type_is_the_type_of_the_body(document: Document, status: str, text: str) -> None:
    assert only_operation(document(Shelf))["responses"][status] == {
        "description": text,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Refusal"}}},
    }


def test_none_is_no_body(document: Document) -> None:
    assert only_operation(document(Shelf))["responses"]["429"] == {"description": "Too Many Requests"}


def test_answers_are_sorted_and_the_general_one_comes_last(document: Document) -> None:
    assert list(only_operation(document(Shelf))["responses"]) == [
        "200",
        "404",
        "409",
        "410",
        "429",
        "503",
        "default",
    ]


def test_class_gives_tags_and_security_to_its_operations(document: Document) -> None:
    generated = document(Shelf)

    assert only_operation(generated)["tags"] == ["stock"]
    assert only_operation(generated)["security"] == [{"token": []}]
    assert generated["tags"] == [{"name": "stock"}]


def test_method_wins_over_its_class(document: Document) -> None:
    @operation(tags=["stock"], security=["token"], hidden=True)
    class Open:
        @operation(tags=["public", "stock"], security=[], hidden=False)
        @get_mapping("/open")
        async def find(self) -> None: ...

    found = only_operation(document(Open))

    assert found["tags"] == ["public", "stock"]
    assert found["security"] == []


def test_hidden_operations_are_left_out_with_their_models(document: Document) -> None:
    class Secret:
        @operation(hidden=True)
        @get_mapping("/secret")
        async def find(self) -> Item: ...

    generated = document(Secret)

    assert generated["paths"] == {}
    assert "tags" not in generated
    assert "components" not in generated


def test_schemes_that_are_needed_together_are_one_requirement(document: Document) -> None:
    class Guarded:
        @operation(security=[{"token": ["read"], "key": []}, "session"])
        @get_mapping("/guarded")
        async def find(self) -> None: ...

    assert only_operation(document(Guarded))["security"] == [
        {"token": ["read"], "key": []},
        {"session": []},
    ]


def test_several_decorators_complete_each_other(document: Document) -> None:
    class Both:
        @operation(summary="Outer", responses={404: "No."})
        @operation(summary="Inner", description="Kept.", responses={409: "Never."})
        @get_mapping("/both")
        async def find(self) -> None: ...

    found = only_operation(document(Both))

    assert (found["summary"], found["description"]) == ("Outer", "Kept.")
    assert list(found["responses"]) == ["204", "404", "409", "default"]


def test_subclass_keeps_what_its_base_says(document: Document) -> None:
    @operation(security=[])
    class Special(Shelf): ...

    found = only_operation(document(Special))

    assert (found["tags"], found["security"]) == (["stock"], [])


def test_class_refuses_what_only_a_method_can_have() -> None:
    with pytest.raises(TypeError) as refusal:
        operation(summary="All")(Shelf)

    assert str(refusal.value) == (
        "@operation on the class Shelf was given summary, which only a method can have: move it there, or"
        " keep to hidden, security, tags"
    )


@pytest.mark.parametrize("status", [99, 600, "404", "4XX"])
def test_status_outside_of_http_is_refused(status: Any) -> None:
    with pytest.raises(ValueError, match="expected an HTTP status from 100 to 599"):
        operation(responses={status: "?"})


def test_response_of_an_unknown_form_is_refused() -> None:
    with pytest.raises(TypeError, match=r"expected \(type, text\) for status 404"):
        operation(responses={404: ("text", Item)})

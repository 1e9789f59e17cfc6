# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pyfly.web import get_mapping, post_mapping, request_mapping
from pyfly.web.openapi import OperationOptions, RouteMetadata, operation
from pyfly.web.openapi.operation_ids import operation_ids

Document = Callable[..., dict[str, Any]]


def ids(document: dict[str, Any]) -> list[str]:
    return [operation["operationId"] for item in document["paths"].values() for operation in item.values()]


@request_mapping("/orders")
class OrderController:
    @get_mapping()
    async def find(self) -> None: ...

    @get_mapping("/count")
    async def count(self) -> None: ...


@request_mapping("/items")
class ItemController:
    @get_mapping()
    async def find(self) -> None: ...


def test_id_is_the_name_of_the_method(document: Document) -> None:
    assert ids(document(OrderController)) == ["find", "count"]


def test_ids_that_collide_are_qualified_by_the_controller(document: Document) -> None:
    assert ids(document(OrderController, ItemController)) == ["Order_find", "count", "Item_find"]


def test_method_with_several_mappings_is_qualified_by_the_http_method(document: Document) -> None:
    class Both:
        @get_mapping("/both")
        @post_mapping("/both")
        async def answer(self) -> None: ...

    assert ids(document(Both)) == ["Both_answer_get", "Both_answer_post"]


def test_ids_that_cannot_be_qualified_are_numbered(document: Document) -> None:
    class Twice:
        @get_mapping("/one")
        @get_mapping("/two")
        async def answer(self) -> None: ...

    assert ids(document(Twice)) == ["Twice_answer_get", "Twice_answer_get_2"]


def test_given_id_wins_and_is_qualified_when_it_is_taken(document: Document) -> None:
    class Named:
        @operation(operation_id="find")
        @get_mapping("/named")
        async def look(self) -> None: ...

    assert ids(document(Named)) == ["find"]
    assert ids(document(Named, ItemController)) == ["Named_find", "Item_find"]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["find", "A_find", "A_find_get", "A_find_get_2", "x"]),
            st.sampled_from(["A", "A_find", ""]),
            st.sampled_from(["GET", "POST"]),
            st.sampled_from([None, "find", "A_find_get_2"]),
        ),
        max_size=12,
    )
)
def test_ids_are_never_the_same_twice(routes: list[tuple[str, str, str, str | None]]) -> None:
    described = [
        RouteMetadata("/", method, 200, print, name, tag=tag, options=OperationOptions(operation_id=given_id))
        for name, tag, method, given_id in routes
    ]

    found = operation_ids(described)

    assert len(found) == len(set(found)) == len(described)

# SPDX-License-Identifier: Apache-2.0
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Generator, Iterable, Iterator
from typing import Annotated, Any

import pytest
from pydantic import BaseModel

from pyfly.web.streams import ItemKind, is_stream, kind_of_item, kind_of_type, stream_item


class Row(BaseModel):
    name: str


@pytest.mark.parametrize(
    ("hint", "item"),
    [
        (AsyncIterator[bytes], bytes),
        (AsyncGenerator[Row, None], Row),
        (AsyncIterable[str], str),
        (Iterator[int], int),
        (Generator[str, None, None], str),
        (Annotated[AsyncIterator[bytes], "rows"], bytes),
        (Iterable[str], None),
        (list[str], None),
        (str, None),
        (Any, None),
    ],
)
def test_item_type_of_a_stream_is_known(hint: Any, item: Any) -> None:
    assert stream_item(hint) is item


@pytest.mark.parametrize(
    ("item", "kind"),
    [
        (bytes, ItemKind.BYTES),
        (memoryview, ItemKind.BYTES),
        (str, ItemKind.TEXT),
        (Row, ItemKind.JSON),
        (dict[str, int], ItemKind.JSON),
        (Any, None),
        (object, None),
        (str | bytes, None),
        (Row | None, ItemKind.JSON),
        (None, None),
    ],
)
def test_kind_of_a_type_is_known_where_all_items_are_alike(item: Any, kind: ItemKind | None) -> None:
    assert kind_of_type(item) is kind


def test_items_tell_their_kind() -> None:
    assert [kind_of_item(item) for item in (b"a", "a", 1, None, Row(name="a"))] == [
        ItemKind.BYTES,
        ItemKind.TEXT,
        ItemKind.JSON,
        ItemKind.JSON,
        ItemKind.JSON,
    ]


@pytest.mark.parametrize(
    "cls", [type(iter([])), type(n for n in [1]), AsyncIterator, AsyncIterable, Iterator]
)
def test_iterators_are_streams(cls: type) -> None:
    assert is_stream(cls)


@pytest.mark.parametrize("cls", [list, dict, set, str, bytes, Row, int, range])
def test_containers_are_no_streams(cls: type) -> None:
    assert not is_stream(cls)

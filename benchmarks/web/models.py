# SPDX-License-Identifier: Apache-2.0
"""What the services take and give, and what they do with it."""

from collections.abc import AsyncIterator
from typing import Annotated

from pydantic import BaseModel, Field, TypeAdapter


class Item(BaseModel):
    id: int
    name: str
    price: float
    in_stock: bool
    tags: list[str]


class Customer(BaseModel):
    name: Annotated[str, Field(min_length=1, max_length=80)]
    city: str


class Line(BaseModel):
    sku: Annotated[str, Field(min_length=1, max_length=40)]
    quantity: Annotated[int, Field(ge=1, le=1000)]


class NewOrder(BaseModel):
    customer: Customer
    lines: Annotated[list[Line], Field(min_length=1)]
    note: str = ""


class Order(BaseModel):
    id: int
    customer: Customer
    lines: list[Line]
    units: int


class UnknownItemError(Exception):
    """There is no item of that id."""


LARGEST_ID = 1000
LIST_LENGTH = 100
LIST_OF_ITEMS = TypeAdapter(list[Item])


def find_item(item_id: int, name: str) -> Item:
    """Return an item.

    Raises:
        UnknownItemError: Its id is too large.
    """
    if item_id > LARGEST_ID:
        raise UnknownItemError(f"There is no item {item_id}")

    return Item(id=item_id, name=name, price=12.5, in_stock=True, tags=["new", "sale"])


def place(new: NewOrder) -> Order:
    """Make an order of what was ordered."""
    units = sum(line.quantity for line in new.lines)
    return Order(id=7, customer=new.customer, lines=new.lines, units=units)


ITEMS = [find_item(item_id, f"item {item_id}") for item_id in range(LIST_LENGTH)]
MEBIBYTE = 1024 * 1024
CHUNK = bytes(range(256)) * 256
DOWNLOAD = 10 * MEBIBYTE


async def chunks_of_download() -> AsyncIterator[bytes]:
    """Give the content of the large answer, chunk by chunk."""
    for _ in range(DOWNLOAD // len(CHUNK)):
        yield CHUNK

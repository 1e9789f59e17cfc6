# SPDX-License-Identifier: Apache-2.0
"""The service in Litestar, with the structs of msgspec, which are its fastest models."""

from typing import Annotated

from litestar import Litestar, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, JSONBody
from msgspec import Meta, Struct

from benchmarks.web.models import LARGEST_ID, LIST_LENGTH


class Item(Struct):
    id: int
    name: str
    price: float
    in_stock: bool
    tags: list[str]


class Customer(Struct):
    name: Annotated[str, Meta(min_length=1, max_length=80)]
    city: str


class Line(Struct):
    sku: Annotated[str, Meta(min_length=1, max_length=40)]
    quantity: Annotated[int, Meta(ge=1, le=1000)]


class NewOrder(Struct):
    customer: Customer
    lines: Annotated[list[Line], Meta(min_length=1)]
    note: str = ""


class Order(Struct):
    id: int
    customer: Customer
    lines: list[Line]
    units: int


def find_item(item_id: int, name: str) -> Item:
    if item_id > LARGEST_ID:
        raise NotFoundException(f"There is no item {item_id}")

    return Item(id=item_id, name=name, price=12.5, in_stock=True, tags=["new", "sale"])


ITEMS = [find_item(item_id, f"item {item_id}") for item_id in range(LIST_LENGTH)]


@get("/items/{item_id:int}")
async def get_item(item_id: FromPath[int], name: FromQuery[str]) -> Item:
    return find_item(item_id, name)


@get("/items")
async def list_items() -> list[Item]:
    return ITEMS


@post("/orders")
async def place_order(data: JSONBody[NewOrder]) -> Order:
    units = sum(line.quantity for line in data.lines)
    return Order(id=7, customer=data.customer, lines=data.lines, units=units)


app = Litestar([get_item, list_items, place_order], openapi_config=None, logging_config=None)

# SPDX-License-Identifier: Apache-2.0
"""The service in FastAPI."""

from fastapi import FastAPI, HTTPException

from benchmarks.web.models import ITEMS, Item, NewOrder, Order, UnknownItemError, find_item, place

app = FastAPI()


@app.get("/items/{item_id}")
async def get_item(item_id: int, name: str) -> Item:
    try:
        return find_item(item_id, name)
    except UnknownItemError as error:
        raise HTTPException(404, str(error)) from error


@app.get("/items")
async def list_items() -> list[Item]:
    return ITEMS


@app.post("/orders", status_code=201)
async def place_order(new: NewOrder) -> Order:
    return place(new)

# SPDX-License-Identifier: Apache-2.0
"""The service in BlackSheep, with the JSON functions of pydantic in place of its slower defaults."""

from typing import Any

from blacksheep import Application, Request, Response, Router
from blacksheep.server.responses import json
from blacksheep.settings.json import json_settings
from pydantic_core import from_json, to_json

from benchmarks.web.models import ITEMS, Item, NewOrder, UnknownItemError, find_item, place


def _text(value: Any) -> str:
    return to_json(value).decode()


json_settings.use(loads=from_json, dumps=_text)
router = Router()
app = Application(router=router)


@router.get("/items/{item_id}")
async def get_item(item_id: int, name: str) -> Item:
    return find_item(item_id, name)


@router.get("/items")
async def list_items() -> list[Item]:
    return ITEMS


@router.post("/orders")
async def place_order(new: NewOrder) -> Response:
    return json(place(new), 201)


async def answer_unknown(self: Application, request: Request, error: UnknownItemError) -> Response:
    return json({"detail": str(error)}, 404)


app.exceptions_handlers[UnknownItemError] = answer_unknown

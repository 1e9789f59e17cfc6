# SPDX-License-Identifier: Apache-2.0
"""An application with every kind of parameter, on each adapter, for requests that make no sense."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, IntEnum
from typing import Annotated, Any, Literal
from urllib.parse import quote
from uuid import UUID

import pytest
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from pyfly.config.store import Config
from pyfly.context import ApplicationContext
from pyfly.validation.domain import Amount, CreditCardNumber, DateText, Iban, Pin
from pyfly.web import (
    Body,
    Cookie,
    File,
    Form,
    Header,
    PathVar,
    QueryParam,
    UploadedFile,
    Valid,
    create_app,
    get_mapping,
    post_mapping,
    request_mapping,
    rest_controller,
)


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


class Size(IntEnum):
    SMALL = 1
    LARGE = 2


class Leaf(BaseModel):
    name: str
    weight: Decimal = Decimal(1)
    colour: Colour = Colour.RED
    seen: datetime | None = None


class Tree(BaseModel):
    leaves: list[Leaf] = []
    by_name: dict[str, Leaf | int] = {}
    children: list["Tree"] = Field([], max_length=5)


class Search(BaseModel):
    word: str | None = Field(None, max_length=20)
    tags: list[str] = []
    sizes: set[Size] = set()
    since: date | None = None
    page: int = Field(1, ge=1)


@dataclass
class Point:
    x: float
    y: float


class Named(TypedDict, total=False):
    name: str
    age: int


@rest_controller
@request_mapping("/fuzz")
class FuzzedController:
    """Answers with what it has understood."""

    @get_mapping("/path/{number}/{price}/{day}/{key}/{colour}/{word}")
    async def path(
        self,
        number: PathVar[int],
        price: PathVar[Decimal],
        day: PathVar[date],
        key: PathVar[UUID],
        colour: PathVar[Colour],
        word: PathVar[str],
    ) -> list[Any]:
        return [number, price, day, key, colour, word]

    @get_mapping("/typed/{number:int}/{share:float}/{key:uuid}/{rest:path}")
    async def typed_path(
        self, number: PathVar[int], share: PathVar[float], key: PathVar[UUID], rest: PathVar[str]
    ) -> list[Any]:
        return [number, share, key, rest]

    @get_mapping("/query")
    async def query(
        self,
        number: QueryParam[int] = 0,
        share: QueryParam[float] = 0.0,
        price: QueryParam[Decimal | None] = None,
        flag: QueryParam[bool] = False,
        day: QueryParam[date | None] = None,
        moment: QueryParam[datetime | None] = None,
        clock: QueryParam[time | None] = None,
        span: QueryParam[timedelta | None] = None,
        key: QueryParam[UUID | None] = None,
        size: QueryParam[Size] = Size.SMALL,
        mode: QueryParam[Literal["on", "off"]] = "on",
        either: QueryParam[int | bool | str] = "",
        numbers: QueryParam[list[int] | None] = None,
        words: QueryParam[frozenset[str]] = frozenset(),
        small: QueryParam[Annotated[int, Field(ge=1, le=9)]] = 1,
        iban: Valid[QueryParam[Iban | None]] = None,
        amount: Valid[QueryParam[Amount | None]] = None,
    ) -> list[Any]:
        return [
            *(number, share, price, flag, day, moment, clock, span, key, size, mode, either),
            *(numbers, words, small, iban, amount),
        ]

    @get_mapping("/search")
    async def search(self, search: Valid[QueryParam[Search]]) -> Search:
        return search

    @get_mapping("/headers")
    async def headers(
        self,
        number: Header[int] = 0,
        share: Header[float] = 0.0,
        day: Header[date | None] = None,
        words: Header[list[str] | None] = None,
        card: Header[CreditCardNumber | None] = None,
        session: Cookie[UUID | None] = None,
        theme: Cookie[Colour] = Colour.RED,
        visits: Cookie[int] = 0,
    ) -> list[Any]:
        return [number, share, day, words, card, session, theme, visits]

    @post_mapping("/tree")
    async def tree(self, tree: Valid[Tree]) -> Tree:
        return tree

    @post_mapping("/plain-tree")
    async def plain_tree(self, tree: Body[Tree | None] = None) -> Tree | None:
        return tree

    @post_mapping("/trees")
    async def trees(self, trees: Body[list[Leaf | Point]]) -> int:
        return len(trees)

    @post_mapping("/point")
    async def point(self, point: Body[Point]) -> Point:
        return point

    @post_mapping("/named")
    async def named(self, named: Body[Named]) -> Named:
        return named

    @post_mapping("/anything")
    async def anything(self, anything: Body[dict[str, Any]]) -> dict[str, Any]:
        return anything

    @post_mapping("/number")
    async def number(self, number: Body[int | float | None]) -> Any:
        return number

    @post_mapping("/text")
    async def text(self, text: Body[str]) -> str:
        return text

    @post_mapping("/raw")
    async def raw(self, raw: Body[bytes]) -> int:
        return len(raw)

    @post_mapping("/form")
    async def form(
        self,
        number: Form[int] = 0,
        words: Form[list[str] | None] = None,
        pin: Form[Pin | None] = None,
        born: Form[DateText | None] = None,
        file: File[UploadedFile | None] = None,
        files: File[list[UploadedFile] | None] = None,
    ) -> list[Any]:
        return [number, words, pin, born, file and file.size, [each.size for each in files or []]]


class Answering:
    """An application of one adapter and the loop that it lives on."""

    def __init__(self, adapter: str) -> None:
        self._loop = asyncio.Runner()
        context = ApplicationContext(Config({"pyfly": {"web": {"adapter": adapter}}}))
        context.register_bean(FuzzedController)
        self._app = create_app(context=context)
        self._context = context
        self._loop.run(context.start())

    def close(self) -> None:
        self._loop.run(self._context.stop())
        self._loop.close()

    def status(
        self,
        method: str,
        path: str,
        *,
        query: bytes = b"",
        headers: list[tuple[bytes, bytes]] | None = None,
        body: bytes = b"",
    ) -> int:
        return self._loop.run(self._status(method, path, query, headers or [], body))

    async def _status(
        self, method: str, path: str, query: bytes, headers: list[tuple[bytes, bytes]], body: bytes
    ) -> int:
        sent: list[dict[str, Any]] = []
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "path": path,
            "raw_path": quote(path).encode(),
            "query_string": query,
            "root_path": "",
            "headers": headers,
            "client": ("127.0.0.1", 1),
            "server": ("test", 80),
        }
        incoming = iter([{"type": "http.request", "body": body, "more_body": False}])
        gone = asyncio.Event()

        async def receive() -> Any:
            message = next(incoming, None)
            if message is None:
                await gone.wait()

            return message

        async def send(message: Any) -> None:
            sent.append(message)

        async with asyncio.timeout(10):
            await self._app(scope, receive, send)

        assert [message["type"] for message in sent[:2]] == ["http.response.start", "http.response.body"]
        return int(sent[0]["status"])


@pytest.fixture(scope="module", params=["starlette", "fastapi"])
def answering(request: pytest.FixtureRequest) -> Iterator[Answering]:
    application = Answering(request.param)
    yield application
    application.close()

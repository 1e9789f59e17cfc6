# SPDX-License-Identifier: Apache-2.0
"""What handlers return, as it is answered."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from math import inf, nan
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from pyfly.container.stereotypes import rest_controller
from pyfly.web.mappings import delete_mapping, get_mapping, post_mapping, put_mapping, request_mapping
from pyfly.web.testing.adapter_hooks import AdapterHooks


class Colour(Enum):
    RED = "red"


class Item(BaseModel):
    name: str
    price: Decimal = Decimal("1.50")


class CamelItem(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, serialize_by_alias=True)

    unit_price: int = Field(default=3)


@dataclass
class Point:
    x: int
    label: str | None = None


@rest_controller
@request_mapping("/a")
class AnswerController:
    @get_mapping("/model")
    async def model(self) -> Item:
        return Item(name="tea")

    @get_mapping("/models")
    async def models(self) -> list[Item]:
        return [Item(name="tea"), Item(name="milk", price=Decimal("0.99"))]

    @get_mapping("/camel")
    async def camel(self) -> dict[str, CamelItem]:
        return {"item": CamelItem()}

    @get_mapping("/dataclass")
    async def point(self) -> Point:
        return Point(1)

    @get_mapping("/scalars")
    async def scalars(self) -> list[Any]:
        return [None, True, 7, 2.5, "süß"]

    @get_mapping("/times")
    async def times(self) -> dict[str, Any]:
        return {
            "moment": datetime(2026, 2, 28, 12, 30, tzinfo=UTC),
            "day": date(2026, 2, 28),
            "span": timedelta(hours=1, seconds=5),
        }

    @get_mapping("/others")
    async def others(self) -> dict[str, Any]:
        return {
            "ident": UUID(int=7),
            "colour": Colour.RED,
            "set": {3},
            "tuple": (1, 2),
        }

    @get_mapping("/keys")
    async def keys(self) -> dict[Any, int]:
        return {date(2026, 2, 28): 1, UUID(int=7): 2, 5: 3}

    @get_mapping("/not-finite")
    async def not_finite(self) -> list[float]:
        return [nan, inf, -inf, 1.0]

    @get_mapping("/text")
    async def text(self) -> str:
        return 'a "quoted" text'

    @get_mapping("/pair")
    async def pair(self) -> tuple[int, str]:
        return 404, "an ordinary value"

    @get_mapping("/empty-list")
    async def empty(self) -> list[Item]:
        return []

    @get_mapping("/none")
    async def none(self) -> None: ...

    @post_mapping("/created", status_code=201)
    async def created(self) -> Item:
        return Item(name="new")

    @put_mapping("/accepted", status_code=202)
    async def accepted(self) -> None: ...

    @delete_mapping("/deleted", status_code=204)
    async def deleted(self) -> None: ...

    @delete_mapping("/talkative", status_code=204)
    async def talkative(self) -> str:
        return "this has no place in a 204"

    @get_mapping("/unknown")
    async def unknown(self) -> object:
        return object()


class AnswerContract(AdapterHooks):
    """Values become JSON with the declared status; a response of the framework stays as it is."""

    async def test_model_is_json(self) -> None:
        async with self.serving(AnswerController) as client:
            answer = await client.get("/a/model")

        assert (answer.status, answer.json()) == (200, {"name": "tea", "price": "1.50"})
        assert answer.header("content-type") == "application/json"
        assert answer.header("content-length") == str(len(answer.body))

    async def test_list_of_models_is_json(self) -> None:
        async with self.serving(AnswerController) as client:
            answer = await client.get("/a/models")

        assert answer.json() == [{"name": "tea", "price": "1.50"}, {"name": "milk", "price": "0.99"}]

    async def test_empty_list_is_json(self) -> None:
        async with self.serving(AnswerController) as client:
            assert (await client.get("/a/empty-list")).json() == []

    async def test_model_decides_about_its_aliases(self) -> None:
        async with self.serving(AnswerController) as client:
            assert (await client.get("/a/camel")).json() == {"item": {"unitPrice": 3}}

    async def test_dataclass_is_json(self) -> None:
        async with self.serving(AnswerController) as client:
            assert (await client.get("/a/dataclass")).json() == {"x": 1, "label": None}

    async def test_scalars_are_json(self) -> None:
        async with self.serving(AnswerController) as client:
            assert (await client.get("/a/scalars")).json() == [None, True, 7, 2.5, "süß"]

    async def test_times_are_iso_texts(self) -> None:
        async with self.serving(AnswerController) as client:
            assert (await client.get("/a/times")).json() == {
                "moment": "2026-02-28T12:30:00Z",
                "day": "2026-02-28",
                "span": "PT1H5S",
            }

    async def test_other_values_have_their_json_form(self) -> None:
        async with self.serving(AnswerController) as client:
            assert (await client.get("/a/others")).json() == {
                "ident": "00000000-0000-0000-0000-000000000007",
                "colour": "red",
                "set": [3],
                "tuple": [1, 2],
            }

    async def test_keys_that_are_no_texts_become_texts(self) -> None:
        async with self.serving(AnswerController) as client:
            assert (await client.get("/a/keys")).json() == {
                "2026-02-28": 1,
                "00000000-0000-0000-0000-000000000007": 2,
                "5": 3,
            }

    async def test_numbers_that_json_lacks_are_null(self) -> None:
        async with self.serving(AnswerController) as client:
            assert (await client.get("/a/not-finite")).json() == [None, None, None, 1.0]

    async def test_text_is_a_json_text(self) -> None:
        async with self.serving(AnswerController) as client:
            answer = await client.get("/a/text")

        assert (answer.media_type, answer.json()) == ("application/json", 'a "quoted" text')

    async def test_pair_is_an_ordinary_value(self) -> None:
        async with self.serving(AnswerController) as client:
            answer = await client.get("/a/pair")

        assert (answer.status, answer.json()) == (200, [404, "an ordinary value"])

    async def test_nothing_is_no_content(self) -> None:
        async with self.serving(AnswerController) as client:
            answer = await client.get("/a/none")

        assert (answer.status, answer.body) == (204, b"")
        assert answer.header("content-type") is None
        assert answer.header("content-length") is None

    async def test_declared_status_is_answered(self) -> None:
        async with self.serving(AnswerController) as client:
            created = await client.post("/a/created")
            accepted = await client.put("/a/accepted")
            deleted = await client.delete("/a/deleted")

        assert (created.status, created.json()["name"]) == (201, "new")
        assert (accepted.status, accepted.body, accepted.header("content-length")) == (202, b"", "0")
        assert (deleted.status, deleted.body) == (204, b"")

    async def test_status_without_body_drops_what_was_returned(self) -> None:
        async with self.serving(AnswerController) as client:
            answer = await client.delete("/a/talkative")

        assert (answer.status, answer.body, answer.header("content-type")) == (204, b"", None)

    async def test_value_without_json_form_is_an_internal_error(self) -> None:
        async with self.serving(AnswerController) as client:
            answer = await client.get("/a/unknown")

        assert (answer.status, answer.json()["code"]) == (500, "INTERNAL_ERROR")

    async def test_native_response_keeps_status_headers_and_body(self) -> None:
        native = self.native_response(
            "as it is", status=418, headers={"x-own": "1", "x-frame-options": "SAMEORIGIN"}
        )

        @rest_controller
        class Controller:
            @get_mapping("/native", status_code=201)
            async def get(self) -> Any:
                return native

        async with self.serving(Controller) as client:
            answer = await client.get("/native")

        assert (answer.status, answer.text) == (418, "as it is")
        assert (answer.media_type, answer.header("x-own")) == ("text/plain", "1")

    async def test_native_response_that_is_shared_stays_as_it_is(self) -> None:
        shared = self.native_response("shared")

        @rest_controller
        class Controller:
            @get_mapping("/native")
            async def get(self) -> Any:
                return shared

        async with self.serving(Controller) as client:
            first = await client.get("/native", headers={"x-request-id": "r-1"})
            second = await client.get("/native", headers={"x-request-id": "r-2"})

        assert (first.header("x-request-id"), second.header("x-request-id")) == ("r-1", "r-2")
        assert [name for name, _ in first.headers] == [name for name, _ in second.headers]

    async def test_head_of_a_native_response_has_no_body(self) -> None:
        make = self.native_response

        @rest_controller
        class Controller:
            @get_mapping("/native")
            async def get(self) -> Any:
                return make("text")

        async with self.serving(Controller) as client:
            answer = await client.head("/native")

        assert (answer.status, answer.body, answer.header("content-length")) == (200, b"", "4")

    async def test_native_stream_is_answered_part_by_part(self) -> None:
        make = self.native_stream

        async def parts() -> AsyncIterator[bytes]:
            yield b"one"
            yield b"two"

        @rest_controller
        class Controller:
            @get_mapping("/stream")
            async def get(self) -> Any:
                return make(parts(), status=206)

        async with self.serving(Controller) as client:
            answer = await client.get("/stream")

        assert (answer.status, answer.chunks) == (206, [b"one", b"two"])

# SPDX-License-Identifier: Apache-2.0
"""Parameters out of the path, the query, headers and cookies."""

from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from pyfly.container.stereotypes import rest_controller
from pyfly.web.mappings import get_mapping, request_mapping
from pyfly.web.params import Cookie, Header, PathVar, QueryParam, Valid
from pyfly.web.testing.adapter_hooks import AdapterHooks


class Colour(Enum):
    RED = "red"
    GREEN = "green"


class Filter(BaseModel):
    text: str
    limit: int = 10
    tags: list[str] = []


@rest_controller
@request_mapping("/p")
class ParameterController:
    @get_mapping("/path/{number}/{ident}/{day}/{colour}")
    async def path(
        self, number: PathVar[int], ident: PathVar[UUID], day: PathVar[date], colour: PathVar[Colour]
    ) -> list[Any]:
        return [number, ident, day, colour]

    @get_mapping("/query")
    async def query(
        self,
        text: QueryParam[str],
        number: QueryParam[int] = 7,
        price: QueryParam[Decimal] = Decimal("1.50"),
        on: QueryParam[bool] = False,
        nothing: QueryParam[int | None] = None,
    ) -> list[Any]:
        return [text, number, price, on, nothing]

    @get_mapping("/many")
    async def many(self, tag: QueryParam[list[str]], number: QueryParam[set[int]]) -> list[Any]:
        return [tag, sorted(number)]

    @get_mapping("/choice")
    async def choice(self, size: QueryParam[Literal["s", "m"]], either: QueryParam[int | str]) -> list[Any]:
        return [size, either]

    @get_mapping("/limits")
    async def limits(
        self,
        page: QueryParam[Annotated[int, Field(ge=1)]],
        name: QueryParam[Annotated[str, Field(max_length=3)]],
    ) -> list[Any]:
        return [page, name]

    @get_mapping("/filter")
    async def filter(self, criteria: Valid[QueryParam[Filter]]) -> Filter:
        return criteria

    @get_mapping("/header")
    async def header(self, x_api_key: Header[str], x_retries: Header[int] = 0) -> list[Any]:
        return [x_api_key, x_retries]

    @get_mapping("/headers")
    async def headers(self, x_tag: Header[list[str]]) -> list[str]:
        return x_tag

    @get_mapping("/cookie")
    async def cookie(self, session: Cookie[str], visits: Cookie[int] = 0) -> list[Any]:
        return [session, visits]


class ParameterContract(AdapterHooks):
    """Text is converted by the type; what cannot be converted is told by name and place."""

    async def test_path_variables_are_converted(self) -> None:
        ident = "12345678-1234-5678-1234-567812345678"
        async with self.serving(ParameterController) as client:
            answer = await client.get(f"/p/path/7/{ident}/2026-02-28/green")

        assert answer.json() == [7, ident, "2026-02-28", "green"]

    async def test_path_variable_of_the_wrong_type_is_refused(self) -> None:
        async with self.serving(ParameterController) as client:
            answer = await client.get(f"/p/path/seven/{UUID(int=7)}/2026-02-28/green")

        assert answer.status == 400
        assert answer.json()["code"] == "TYPE_CONVERSION_ERROR"
        assert answer.json()["detail"] == "Cannot convert 'seven' to int"
        assert answer.json()["context"] == {"parameter": "number", "location": "path"}

    async def test_impossible_date_is_refused(self) -> None:
        async with self.serving(ParameterController) as client:
            answer = await client.get(f"/p/path/7/{UUID(int=7)}/2026-02-30/green")

        assert (answer.status, answer.json()["code"]) == (400, "TYPE_CONVERSION_ERROR")

    async def test_text_that_is_no_member_is_refused(self) -> None:
        async with self.serving(ParameterController) as client:
            answer = await client.get(f"/p/path/7/{UUID(int=7)}/2026-02-28/blue")

        assert (answer.status, answer.json()["context"]["parameter"]) == (400, "colour")

    async def test_query_parameters_are_converted(self) -> None:
        async with self.serving(ParameterController) as client:
            answer = await client.get("/p/query?text=a%20b+c&number=-2&price=0.10&on=true&nothing=3")

        assert answer.json() == ["a b c", -2, "0.10", True, 3]

    async def test_absent_query_parameters_take_their_defaults(self) -> None:
        async with self.serving(ParameterController) as client:
            assert (await client.get("/p/query?text=x")).json() == ["x", 7, "1.50", False, None]

    async def test_words_for_no_are_false(self) -> None:
        async with self.serving(ParameterController) as client:
            assert (await client.get("/p/query?text=x&on=false")).json()[3] is False
            assert (await client.get("/p/query?text=x&on=off")).json()[3] is False
            assert (await client.get("/p/query?text=x&on=0")).json()[3] is False

    async def test_empty_text_is_none_for_an_optional_number(self) -> None:
        async with self.serving(ParameterController) as client:
            assert (await client.get("/p/query?text=&nothing=")).json() == ["", 7, "1.50", False, None]

    async def test_missing_query_parameter_is_refused(self) -> None:
        async with self.serving(ParameterController) as client:
            answer = await client.get("/p/query")

        assert answer.status == 400
        assert answer.json()["code"] == "MISSING_PARAMETER"
        assert answer.json()["detail"] == "Missing required query parameter: text"
        assert answer.json()["context"] == {"parameter": "text", "location": "query"}

    async def test_query_parameter_of_the_wrong_type_is_refused(self) -> None:
        async with self.serving(ParameterController) as client:
            answer = await client.get("/p/query?text=x&price=much")

        assert answer.status == 400
        assert answer.json()["detail"] == "Cannot convert 'much' to Decimal"

    async def test_lists_take_every_repeat(self) -> None:
        async with self.serving(ParameterController) as client:
            answer = await client.get("/p/many?tag=a&number=2&tag=b&number=1&number=2")

        assert answer.json() == [["a", "b"], [1, 2]]

    async def test_one_wrong_member_of_a_list_is_refused(self) -> None:
        async with self.serving(ParameterController) as client:
            answer = await client.get("/p/many?tag=a&number=1&number=two")

        assert (answer.status, answer.json()["detail"]) == (400, "Cannot convert 'two' to int")

    async def test_last_of_several_values_counts_for_a_single_one(self) -> None:
        async with self.serving(ParameterController) as client:
            assert (await client.get("/p/query?text=first&text=last")).json()[0] == "last"

    async def test_literals_and_unions_take_their_members(self) -> None:
        async with self.serving(ParameterController) as client:
            assert (await client.get("/p/choice?size=m&either=7")).json() == ["m", 7]
            assert (await client.get("/p/choice?size=s&either=seven")).json() == ["s", "seven"]
            assert (await client.get("/p/choice?size=xl&either=7")).status == 400

    async def test_broken_constraint_is_told_with_its_place(self) -> None:
        async with self.serving(ParameterController) as client:
            answer = await client.get("/p/limits?page=0&name=abc")

        assert (answer.status, answer.json()["code"]) == (422, "VALIDATION_ERROR")
        assert answer.json()["errors"][0]["loc"] == ["query", "page"]
        assert answer.json()["errors"][0]["type"] == "greater_than_equal"

    async def test_rejected_value_is_not_repeated(self) -> None:
        async with self.serving(ParameterController) as client:
            answer = await client.get("/p/limits?page=1&name=top-secret")

        assert answer.status == 422
        assert "top-secret" not in answer.text

    async def test_model_takes_the_whole_query(self) -> None:
        async with self.serving(ParameterController) as client:
            answer = await client.get("/p/filter?text=tea&limit=5&tags=a&tags=b&other=x")

        assert answer.json() == {"text": "tea", "limit": 5, "tags": ["a", "b"]}

    async def test_faults_of_a_query_model_are_told_by_field(self) -> None:
        async with self.serving(ParameterController) as client:
            answer = await client.get("/p/filter?limit=many")

        assert answer.status == 422
        assert [fault["loc"] for fault in answer.json()["errors"]] == [["query", "text"], ["query", "limit"]]

    async def test_header_is_found_in_any_case_by_its_name_with_dashes(self) -> None:
        async with self.serving(ParameterController) as client:
            answer = await client.get("/p/header", headers={"X-Api-Key": "k", "X-RETRIES": "3"})

        assert answer.json() == ["k", 3]

    async def test_missing_header_is_refused(self) -> None:
        async with self.serving(ParameterController) as client:
            answer = await client.get("/p/header")

        assert answer.status == 400
        assert answer.json()["detail"] == "Missing required header: x-api-key"
        assert answer.json()["context"] == {"parameter": "x-api-key", "location": "header"}

    async def test_header_that_is_repeated_fills_a_list(self) -> None:
        async with self.serving(ParameterController) as client:
            answer = await client.get("/p/headers", headers=[("x-tag", "a"), ("x-tag", "b")])

        assert answer.json() == ["a", "b"]

    async def test_cookies_are_read(self) -> None:
        async with self.serving(ParameterController) as client:
            answer = await client.get("/p/cookie", headers={"cookie": "theme=dark; session=s-1; visits=4"})

        assert answer.json() == ["s-1", 4]

    async def test_missing_cookie_is_refused(self) -> None:
        async with self.serving(ParameterController) as client:
            answer = await client.get("/p/cookie", headers={"cookie": "theme=dark"})

        assert answer.status == 400
        assert answer.json()["detail"] == "Missing required cookie: session"
        assert answer.json()["context"] == {"parameter": "session", "location": "cookie"}

    async def test_query_that_is_no_valid_text_does_no_harm(self) -> None:
        async with self.serving(ParameterController) as client:
            answer = await client.get("/p/query?text=%FF&&=&number=5")

        assert (answer.status, answer.json()[1]) == (200, 5)

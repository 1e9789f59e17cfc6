# SPDX-License-Identifier: Apache-2.0
"""Request bodies."""

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field

from pyfly.container.stereotypes import rest_controller
from pyfly.web.mappings import post_mapping, request_mapping
from pyfly.web.params import Body, Header, PathVar, QueryParam, Valid
from pyfly.web.testing.adapter_hooks import AdapterHooks


class Address(BaseModel):
    city: str


class Customer(BaseModel):
    name: str = Field(min_length=2)
    age: int = Field(ge=0, default=0)
    addresses: list[Address] = []
    password: str = ""


@dataclass
class Point:
    x: int
    y: int = 0


@rest_controller
@request_mapping("/b")
class BodyController:
    @post_mapping("/model")
    async def model(self, customer: Valid[Customer]) -> Customer:
        return customer

    @post_mapping("/plain-model")
    async def plain_model(self, customer: Body[Customer]) -> Customer:
        return customer

    @post_mapping("/models")
    async def models(self, customers: Body[list[Customer]]) -> list[str]:
        return [customer.name for customer in customers]

    @post_mapping("/dict")
    async def mapping(self, values: Body[dict[str, int]]) -> dict[str, int]:
        return values

    @post_mapping("/dataclass")
    async def point(self, point: Body[Point]) -> list[int]:
        return [point.x, point.y]

    @post_mapping("/number")
    async def number(self, number: Body[int]) -> int:
        return number + 1

    @post_mapping("/text")
    async def text(self, text: Body[str]) -> str:
        return text

    @post_mapping("/bytes")
    async def content(self, content: Body[bytes]) -> int:
        return len(content)

    @post_mapping("/optional")
    async def optional(self, customer: Body[Customer | None]) -> str:
        return "none" if customer is None else customer.name

    @post_mapping("/default")
    async def default(self, number: Body[int] = 5) -> int:
        return number

    @post_mapping("/all/{item_id}")
    async def everything(
        self,
        item_id: PathVar[int],
        customer: Valid[Body[Customer]],
        tag: QueryParam[list[str]],
        x_key: Header[str],
    ) -> list[Any]:
        return [item_id, customer.name, tag, x_key]


SMALL = {"pyfly.web.max-body-size": "1KB"}


class BodyContract(AdapterHooks):
    """JSON for whatever pydantic validates, the text for ``str``, the content for ``bytes``."""

    async def test_model_is_read_with_its_defaults(self) -> None:
        async with self.serving(BodyController) as client:
            answer = await client.post("/b/model", json={"name": "Ada", "addresses": [{"city": "London"}]})

        assert answer.status == 200
        assert answer.json() == {
            "name": "Ada",
            "age": 0,
            "addresses": [{"city": "London"}],
            "password": "",
        }

    async def test_faults_are_told_by_field(self) -> None:
        async with self.serving(BodyController) as client:
            answer = await client.post("/b/model", json={"age": -1, "addresses": [{"city": 7}]})

        assert answer.status == 422
        assert answer.media_type == "application/problem+json"
        assert answer.json()["code"] == "VALIDATION_ERROR"
        assert [(fault["field"], fault["type"]) for fault in answer.json()["errors"]] == [
            ("name", "missing"),
            ("age", "greater_than_equal"),
            ("addresses.0.city", "string_type"),
        ]

    async def test_rejected_body_is_not_repeated(self) -> None:
        async with self.serving(BodyController) as client:
            answer = await client.post("/b/model", json={"age": "x", "password": "hunter2"})

        assert answer.status == 422
        assert "hunter2" not in answer.text

    async def test_faults_are_the_same_without_valid(self) -> None:
        async with self.serving(BodyController) as client:
            answer = await client.post("/b/plain-model", json={"name": "A"})

        assert (answer.status, answer.json()["code"]) == (422, "VALIDATION_ERROR")
        assert answer.json()["errors"][0]["field"] == "name"

    async def test_list_of_models_is_read(self) -> None:
        async with self.serving(BodyController) as client:
            answer = await client.post("/b/models", json=[{"name": "Ada"}, {"name": "Bo"}])

        assert answer.json() == ["Ada", "Bo"]

    async def test_fault_in_a_list_is_told_with_its_position(self) -> None:
        async with self.serving(BodyController) as client:
            answer = await client.post("/b/models", json=[{"name": "Ada"}, {"name": "B"}])

        assert (answer.status, answer.json()["errors"][0]["field"]) == (422, "1.name")

    async def test_dict_is_read(self) -> None:
        async with self.serving(BodyController) as client:
            assert (await client.post("/b/dict", json={"a": 1})).json() == {"a": 1}
            assert (await client.post("/b/dict", json={"a": "x"})).status == 422

    async def test_dataclass_is_read(self) -> None:
        async with self.serving(BodyController) as client:
            assert (await client.post("/b/dataclass", json={"x": 3})).json() == [3, 0]

    async def test_number_is_read(self) -> None:
        async with self.serving(BodyController) as client:
            assert (await client.post("/b/number", json=41)).json() == 42

    async def test_text_is_taken_as_it_is(self) -> None:
        async with self.serving(BodyController) as client:
            answer = await client.post(
                "/b/text", body="süß".encode(), headers={"content-type": "text/plain; charset=utf-8"}
            )

        assert answer.json() == "süß"

    async def test_text_that_is_not_utf8_is_refused(self) -> None:
        async with self.serving(BodyController) as client:
            answer = await client.post("/b/text", body=b"a\xff", headers={"content-type": "text/plain"})

        assert (answer.status, answer.json()["code"]) == (400, "INVALID_TEXT")

    async def test_bytes_are_taken_as_they_are(self) -> None:
        async with self.serving(BodyController) as client:
            answer = await client.post(
                "/b/bytes", body=b"\x00\xff", headers={"content-type": "application/octet-stream"}
            )

        assert answer.json() == 2

    async def test_body_in_many_parts_is_joined(self) -> None:
        async with self.serving(BodyController) as client:
            answer = await client.post(
                "/b/model",
                body=[b'{"na', b"", b'me": "A', b'da"}'],
                headers={"content-type": "application/json"},
            )

        assert answer.json()["name"] == "Ada"

    async def test_body_without_content_type_is_refused(self) -> None:
        async with self.serving(BodyController) as client:
            answer = await client.post("/b/number", body=b"1")

        assert (answer.status, answer.json()["code"]) == (415, "UNSUPPORTED_MEDIA_TYPE")

    async def test_lenient_application_takes_a_body_without_content_type_as_json(self) -> None:
        lenient = {"pyfly": {"web": {"content-negotiation": {"strict-content-type": False}}}}
        async with self.serving(BodyController, config=lenient) as client:
            assert (await client.post("/b/number", body=b"1")).json() == 2

    async def test_media_types_that_are_json_are_read(self) -> None:
        async with self.serving(BodyController) as client:
            charset = {"content-type": "application/json; charset=utf-8"}
            patch = {"content-type": "application/merge-patch+json"}
            assert (await client.post("/b/number", body=b"1", headers=charset)).json() == 2
            assert (await client.post("/b/number", body=b"1", headers=patch)).json() == 2

    async def test_other_media_type_is_refused(self) -> None:
        async with self.serving(BodyController) as client:
            answer = await client.post("/b/number", body=b"1", headers={"content-type": "text/csv"})

        assert answer.status == 415
        assert answer.json()["code"] == "UNSUPPORTED_MEDIA_TYPE"

    async def test_text_that_is_no_json_is_refused_with_its_position(self) -> None:
        async with self.serving(BodyController) as client:
            json = {"content-type": "application/json"}
            answer = await client.post("/b/model", body=b'{"name": }', headers=json)

        assert (answer.status, answer.json()["code"]) == (400, "INVALID_JSON")
        assert answer.json()["context"] == {"position": 9}

    async def test_missing_body_is_refused(self) -> None:
        async with self.serving(BodyController) as client:
            answer = await client.post("/b/model")

        assert (answer.status, answer.json()["code"]) == (400, "MISSING_BODY")

    async def test_optional_body_may_be_absent(self) -> None:
        async with self.serving(BodyController) as client:
            assert (await client.post("/b/optional")).json() == "none"
            assert (await client.post("/b/optional", json={"name": "Ada"})).json() == "Ada"
            assert (await client.post("/b/default")).json() == 5

    async def test_body_goes_together_with_all_other_sources(self) -> None:
        async with self.serving(BodyController) as client:
            answer = await client.post("/b/all/7?tag=a&tag=b", json={"name": "Ada"}, headers={"x-key": "k"})

        assert answer.json() == [7, "Ada", ["a", "b"], "k"]

    async def test_body_that_announces_too_much_is_refused(self) -> None:
        async with self.serving(BodyController, config=SMALL) as client:
            answer = await client.post("/b/bytes", body=b"x", headers={"content-length": "1025"})

        assert (answer.status, answer.json()["code"]) == (413, "PAYLOAD_TOO_LARGE")

    async def test_body_that_turns_out_too_large_is_refused(self) -> None:
        async with self.serving(BodyController, config=SMALL) as client:
            answer = await client.post("/b/bytes", body=[b"x" * 600, b"x" * 600])

        assert (answer.status, answer.json()["code"]) == (413, "PAYLOAD_TOO_LARGE")

    async def test_largest_body_is_taken(self) -> None:
        async with self.serving(BodyController, config=SMALL) as client:
            assert (await client.post("/b/bytes", body=b"x" * 1024)).json() == 1024

# SPDX-License-Identifier: Apache-2.0
"""JSON and XML, as client and server agree (RFC 9110, section 12), and how JSON is configured."""

from xml.etree import ElementTree

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from pyfly.container.stereotypes import rest_controller
from pyfly.kernel.exceptions import ResourceNotFoundException
from pyfly.web.mappings import get_mapping, post_mapping, request_mapping
from pyfly.web.params import Body, Valid
from pyfly.web.testing.adapter_hooks import AdapterHooks

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


class Item(BaseModel):
    name: str
    amount: int = 1
    note: str | None = None


class Named(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)

    unit_price: int = 3


@rest_controller
@request_mapping("/n")
class ItemController:
    @get_mapping("/item")
    async def item(self) -> Item:
        return Item(name="tea & milk", amount=2)

    @post_mapping("/item", status_code=201)
    async def create(self, item: Valid[Body[Item]]) -> Item:
        return item

    @get_mapping("/named")
    async def named(self) -> Named:
        return Named()

    @get_mapping("/missing")
    async def missing(self) -> Item:
        raise ResourceNotFoundException("gone", code="GONE_AWAY")


class NegotiationContract(AdapterHooks):
    """``Accept`` and ``Content-Type`` choose the form; it is JSON where nothing is said."""

    async def accepted(self, accept: str) -> str | None:
        """Return the media type of the answer to an ``Accept`` header."""
        async with self.serving(ItemController) as client:
            answer = await client.get("/n/item", headers={"accept": accept})

        assert answer.status == 200, answer.text
        return answer.media_type

    async def test_anything_is_json(self) -> None:
        assert await self.accepted("*/*") == "application/json"

    async def test_any_application_type_is_json(self) -> None:
        assert await self.accepted("application/*") == "application/json"

    async def test_browser_gets_json(self) -> None:
        assert await self.accepted(BROWSER) == "application/json"

    async def test_higher_quality_wins(self) -> None:
        assert await self.accepted("application/json;q=0.5, application/xml") == "application/xml"

    async def test_quality_of_zero_is_a_refusal(self) -> None:
        assert await self.accepted("application/json;q=0, */*") == "application/xml"

    async def test_server_prefers_json_among_equals(self) -> None:
        assert await self.accepted("application/xml, application/json") == "application/json"

    async def test_xml_is_well_formed(self) -> None:
        async with self.serving(ItemController) as client:
            answer = await client.get("/n/item", headers={"accept": "application/xml"})

        root = ElementTree.fromstring(answer.body)
        assert root.tag == "response"
        assert [(child.tag, child.text) for child in root][:2] == [("name", "tea & milk"), ("amount", "2")]

    async def test_answer_that_depends_on_accept_says_so(self) -> None:
        async with self.serving(ItemController) as client:
            answer = await client.get("/n/item", headers={"accept": "application/xml"})

        assert "accept" in [name.lower() for name in answer.listed("vary")]

    async def test_type_that_nobody_writes_is_refused(self) -> None:
        async with self.serving(ItemController) as client:
            answer = await client.get("/n/item", headers={"accept": "image/png"})

        assert (answer.status, answer.json()["code"]) == (406, "NOT_ACCEPTABLE")
        assert answer.media_type == "application/problem+json"

    async def test_failure_is_told_whatever_is_accepted(self) -> None:
        async with self.serving(ItemController) as client:
            answer = await client.get("/n/missing", headers={"accept": "application/json"})

        assert (answer.status, answer.json()["code"]) == (404, "GONE_AWAY")

    async def test_xml_body_is_read(self) -> None:
        async with self.serving(ItemController) as client:
            answer = await client.post(
                "/n/item",
                body=b"<item><name>milk</name><amount>7</amount></item>",
                headers={"content-type": "application/xml"},
            )

        assert answer.status == 201
        assert answer.json() == {"name": "milk", "amount": 7, "note": None}

    async def test_text_that_is_no_xml_is_refused(self) -> None:
        async with self.serving(ItemController) as client:
            answer = await client.post(
                "/n/item", body=b"<item><name>", headers={"content-type": "application/xml"}
            )

        assert (answer.status, answer.json()["code"]) == (400, "INVALID_XML")

    async def test_entities_of_xml_are_not_expanded(self) -> None:
        bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><item><name>&b;</name></item>'
        async with self.serving(ItemController) as client:
            answer = await client.post("/n/item", body=bomb, headers={"content-type": "application/xml"})

        assert (answer.status, answer.json()["code"]) == (400, "INVALID_XML")

    async def test_faults_of_xml_are_told_by_field(self) -> None:
        async with self.serving(ItemController) as client:
            answer = await client.post(
                "/n/item",
                body=b"<item><amount>many</amount></item>",
                headers={"content-type": "application/xml"},
            )

        assert answer.status == 422
        assert {fault["field"] for fault in answer.json()["errors"]} == {"name", "amount"}

    async def test_names_are_camel_case_by_configuration(self) -> None:
        settings = {"pyfly.web.json.property-naming-strategy": "camelCase"}
        async with self.serving(ItemController, config=settings) as client:
            configured = await client.get("/n/named")

        async with self.serving(ItemController) as client:
            usual = await client.get("/n/named")

        assert (configured.json(), usual.json()) == ({"unitPrice": 3}, {"unit_price": 3})

    async def test_nothing_is_left_out_by_configuration(self) -> None:
        settings = {"pyfly.web.json.exclude-none": True}
        async with self.serving(ItemController, config=settings) as client:
            assert (await client.get("/n/item")).json() == {"name": "tea & milk", "amount": 2}

    async def test_unknown_fields_are_refused_by_configuration(self) -> None:
        settings = {"pyfly.web.json.fail-on-unknown-properties": True}
        body = {"name": "tea", "price": 3}
        async with self.serving(ItemController, config=settings) as client:
            strict = await client.post("/n/item", json=body)

        async with self.serving(ItemController) as client:
            lenient = await client.post("/n/item", json=body)

        assert (strict.status, strict.json()["errors"][0]["field"]) == (422, "price")
        assert lenient.status == 201

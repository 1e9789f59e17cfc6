# SPDX-License-Identifier: Apache-2.0
"""The OpenAPI document and its pages."""

from typing import Any

from pydantic import BaseModel, Field

from pyfly.container.bean import bean
from pyfly.container.stereotypes import configuration, rest_controller
from pyfly.web.mappings import delete_mapping, deprecated, get_mapping, post_mapping, request_mapping
from pyfly.web.params import Header, PathVar, QueryParam, Valid
from pyfly.web.testing.adapter_hooks import AdapterHooks
from pyfly.web.testing.asgi_lifespan import running


class NewOrder(BaseModel):
    item: str
    amount: int = Field(gt=0, default=1)


class Order(NewOrder):
    id: int


@rest_controller
@request_mapping("/orders")
class OrderController:
    @get_mapping("/{order_id:int}")
    async def find(self, order_id: PathVar[int], x_tenant: Header[str] = "") -> Order:
        """Find an order.

        It is looked up by its number.
        """
        return Order(id=order_id, item="tea")

    @get_mapping()
    async def search(self, text: QueryParam[str], limit: QueryParam[int] = 10) -> list[Order]:
        return []

    @post_mapping(status_code=201)
    async def place(self, order: Valid[NewOrder]) -> Order:
        return Order(id=1, **order.model_dump())

    @delete_mapping("/{order_id:int}", status_code=204)
    @deprecated
    async def cancel(self, order_id: PathVar[int]) -> None: ...


class Handmade:
    __pyfly_stereotype__ = "rest_controller"

    @get_mapping("/handmade")
    async def handmade(self) -> str:
        return "handmade"


@configuration
class HandmadeConfiguration:
    @bean
    def handmade(self) -> Handmade:
        return Handmade()


class DocumentationContract(AdapterHooks):
    """``/openapi.json`` describes the controllers, ``/docs`` and ``/redoc`` show it, unless they are off."""

    async def document(self, *beans: type, **options: Any) -> Any:
        """Return the document of an application."""
        async with self.serving(*beans, **options) as client:
            answer = await client.get("/openapi.json")

        assert (answer.status, answer.media_type) == (200, "application/json")
        return answer.json()

    async def test_document_tells_the_facts_of_the_application(self) -> None:
        document = await self.document(title="Shop", version="1.2.0", description="Sells tea")

        assert document["openapi"].startswith("3.1")
        assert document["info"]["title"] == "Shop"
        assert (document["info"]["version"], document["info"]["description"]) == ("1.2.0", "Sells tea")

    async def test_document_without_controllers_has_no_paths(self) -> None:
        async with running(self.create_app()) as client:
            assert (await client.get("/openapi.json")).json()["paths"] == {}

    async def test_paths_have_no_kinds_of_variables(self) -> None:
        document = await self.document(OrderController)

        assert set(document["paths"]) == {"/orders", "/orders/{order_id}"}
        assert set(document["paths"]["/orders/{order_id}"]) == {"get", "delete"}

    async def test_operation_tells_texts_and_group(self) -> None:
        operation = (await self.document(OrderController))["paths"]["/orders/{order_id}"]["get"]

        assert operation["summary"] == "Find an order."
        assert operation["description"] == "It is looked up by its number."
        assert (operation["operationId"], operation["tags"]) == ("find", ["Order"])

    async def test_parameters_are_described(self) -> None:
        paths = (await self.document(OrderController))["paths"]
        find = {each["name"]: each for each in paths["/orders/{order_id}"]["get"]["parameters"]}
        search = {each["name"]: each for each in paths["/orders"]["get"]["parameters"]}

        assert (find["order_id"]["in"], find["order_id"]["required"]) == ("path", True)
        assert (find["x-tenant"]["in"], find["x-tenant"]["required"]) == ("header", False)
        assert (search["text"]["in"], search["text"]["required"]) == ("query", True)
        assert (search["limit"]["schema"]["type"], search["limit"]["schema"]["default"]) == ("integer", 10)

    async def test_body_and_answer_refer_to_their_models(self) -> None:
        document = await self.document(OrderController)
        operation = document["paths"]["/orders"]["post"]
        body = operation["requestBody"]["content"]["application/json"]["schema"]
        answer = operation["responses"]["201"]["content"]["application/json"]["schema"]

        assert body == {"$ref": "#/components/schemas/NewOrder"}
        assert answer == {"$ref": "#/components/schemas/Order"}
        assert document["components"]["schemas"]["NewOrder"]["properties"]["amount"]["exclusiveMinimum"] == 0

    async def test_faults_of_the_input_are_described(self) -> None:
        document = await self.document(OrderController)

        assert "422" in document["paths"]["/orders"]["post"]["responses"]
        assert "HTTPValidationError" in document["components"]["schemas"]

    async def test_answer_without_content_has_none_in_the_document(self) -> None:
        operation = (await self.document(OrderController))["paths"]["/orders/{order_id}"]["delete"]

        assert "content" not in operation["responses"]["204"]
        assert operation["deprecated"] is True

    async def test_controller_of_a_bean_method_is_described(self) -> None:
        assert "/handmade" in (await self.document(HandmadeConfiguration))["paths"]

    async def test_pages_show_the_document(self) -> None:
        async with self.serving(OrderController, title="Shop") as client:
            swagger, redoc = await client.get("/docs"), await client.get("/redoc")

        assert (swagger.status, swagger.media_type) == (200, "text/html")
        assert (redoc.status, redoc.media_type) == (200, "text/html")
        assert "Shop" in swagger.text
        assert "Shop" in redoc.text
        assert "openapi.json" in swagger.text
        assert "openapi.json" in redoc.text

    async def test_title_is_escaped_on_the_pages(self) -> None:
        async with self.serving(title="<script>alert(1)</script>") as client:
            swagger, redoc = await client.get("/docs"), await client.get("/redoc")

        assert "<script>alert(1)" not in swagger.text
        assert "<script>alert(1)" not in redoc.text

    async def test_pages_need_no_other_host(self) -> None:
        async with self.serving(OrderController) as client:
            swagger, redoc = await client.get("/docs"), await client.get("/redoc")

        assert "//cdn." not in swagger.text + redoc.text

    async def test_argument_switches_everything_off(self) -> None:
        async with self.serving(OrderController, docs_enabled=False) as client:
            answers = [await client.get(path) for path in ("/openapi.json", "/docs", "/redoc")]

        assert [answer.status for answer in answers] == [404, 404, 404]

    async def test_setting_switches_everything_off(self) -> None:
        settings = {"pyfly.web.docs.enabled": False}
        async with self.serving(OrderController, config=settings) as client:
            answers = [await client.get(path) for path in ("/openapi.json", "/docs", "/redoc")]

        assert [answer.status for answer in answers] == [404, 404, 404]

    async def test_argument_goes_before_the_setting(self) -> None:
        settings = {"pyfly.web.docs.enabled": False}
        async with self.serving(OrderController, config=settings, docs_enabled=True) as client:
            assert (await client.get("/openapi.json")).status == 200

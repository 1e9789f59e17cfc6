# SPDX-License-Identifier: Apache-2.0
"""Settings that change paths and the form of failures."""

from pyfly.container.stereotypes import rest_controller
from pyfly.kernel.exceptions import ResourceNotFoundException
from pyfly.web.mappings import get_mapping, post_mapping, request_mapping
from pyfly.web.params import Body
from pyfly.web.testing.adapter_hooks import AdapterHooks

BASE = {"pyfly.web.base-path": "/shop/v1"}
ENVELOPE = {"pyfly.web.problem-details.enabled": False}
DEBUG = {"pyfly.web.debug": True}


@rest_controller
@request_mapping("/items")
class ItemController:
    @get_mapping()
    async def items(self) -> list[str]:
        return ["tea"]

    @get_mapping("/missing")
    async def missing(self) -> None:
        raise ResourceNotFoundException("no item", code="ITEM_NOT_FOUND", context={"item": 7})

    @get_mapping("/broken")
    async def broken(self) -> None:
        raise RuntimeError("password=hunter2")

    @post_mapping("/number")
    async def number(self, number: Body[int]) -> int:
        return number


class SettingsContract(AdapterHooks):
    """The same keys change the same things under every adapter."""

    async def test_base_path_stands_before_controllers(self) -> None:
        async with self.serving(ItemController, config=BASE) as client:
            below, beside = await client.get("/shop/v1/items"), await client.get("/items")

        assert (below.status, below.json()) == (200, ["tea"])
        assert beside.status == 404

    async def test_base_path_stands_before_the_documentation(self) -> None:
        async with self.serving(ItemController, config=BASE) as client:
            document, page = await client.get("/shop/v1/openapi.json"), await client.get("/shop/v1/docs")

        assert "/shop/v1/items" in document.json()["paths"]
        assert page.status == 200

    async def test_base_path_leaves_extra_routes_alone(self) -> None:
        route = self.native_route("/health", lambda: self.native_response("healthy"))
        async with self.serving(ItemController, config=BASE, extra_routes=[route]) as client:
            assert (await client.get("/health")).text == "healthy"

    async def test_root_path_stands_before_redirects(self) -> None:
        async with self.serving(ItemController) as client:
            answer = await client.with_root_path("/proxy").get("/items/")

        assert (answer.status, answer.header("location")) == (307, "http://contract.test/proxy/items")

    async def test_root_path_is_no_part_of_routes(self) -> None:
        async with self.serving(ItemController) as client:
            assert (await client.with_root_path("/proxy").get("/items")).json() == ["tea"]

    async def test_envelope_takes_the_place_of_problem_documents(self) -> None:
        async with self.serving(ItemController, config=ENVELOPE) as client:
            answer = await client.get("/items/missing", headers={"x-transaction-id": "t-1"})

        error = answer.json()["error"]
        assert (answer.status, answer.media_type) == (404, "application/json")
        assert (error["message"], error["code"], error["status"]) == ("no item", "ITEM_NOT_FOUND", 404)
        assert (error["path"], error["context"]) == ("/items/missing", {"item": 7})
        assert error["transaction_id"] == "t-1"

    async def test_envelope_is_used_for_unknown_paths(self) -> None:
        async with self.serving(ItemController, config=ENVELOPE) as client:
            answer = await client.get("/nothing")

        assert (answer.status, answer.json()["error"]["code"]) == (404, "NOT_FOUND")

    async def test_envelope_holds_the_faults_of_the_input(self) -> None:
        async with self.serving(ItemController, config=ENVELOPE) as client:
            answer = await client.post("/items/number", json="x")

        assert answer.status == 422
        assert answer.json()["error"]["code"] == "VALIDATION_ERROR"
        assert answer.json()["error"]["context"]["errors"][0]["type"] == "int_parsing"

    async def test_debug_is_off_by_default(self) -> None:
        async with self.serving(ItemController) as client:
            assert "hunter2" not in (await client.get("/items/broken")).text

    async def test_debug_is_switched_on_by_a_setting(self) -> None:
        async with self.serving(ItemController, config=DEBUG) as client:
            assert "RuntimeError" in (await client.get("/items/broken")).json()["exception"]

    async def test_argument_goes_before_the_setting_of_debug(self) -> None:
        async with self.serving(ItemController, config=DEBUG, debug=False) as client:
            assert "hunter2" not in (await client.get("/items/broken")).text

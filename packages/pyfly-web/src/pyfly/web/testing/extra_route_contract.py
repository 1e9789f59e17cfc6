# SPDX-License-Identifier: Apache-2.0
"""Routes of the HTTP framework beside controllers."""

from typing import Any

from pyfly.container.stereotypes import controller_advice, rest_controller
from pyfly.kernel.exceptions import ConflictException
from pyfly.web.exception_handler import exception_handler
from pyfly.web.mappings import get_mapping, request_mapping
from pyfly.web.params import PathVar
from pyfly.web.testing.adapter_hooks import AdapterHooks
from pyfly.web.testing.asgi_lifespan import running


@rest_controller
@request_mapping("/items")
class ItemController:
    @get_mapping("/{item_id}")
    async def find(self, item_id: PathVar[str]) -> str:
        return f"item {item_id}"


@controller_advice
class ConflictAdvice:
    @exception_handler(ConflictException)
    async def conflict(self, exc: ConflictException) -> tuple[int, dict[str, str]]:
        return 409, {"advice": str(exc)}


class ExtraRouteContract(AdapterHooks):
    """``extra_routes`` take part in the choice of the route, and fail as controllers do."""

    def healthy(self) -> Any:
        """Answer as the extra routes of these tests do."""
        return self.native_response("healthy")

    async def test_extra_route_is_served(self) -> None:
        routes = [self.native_route("/health", self.healthy)]
        async with self.serving(ItemController, extra_routes=routes) as client:
            answer = await client.get("/health")

        assert (answer.status, answer.text) == (200, "healthy")

    async def test_extra_route_needs_no_context(self) -> None:
        app = self.create_app(extra_routes=[self.native_route("/health", self.healthy)])
        async with running(app) as client:
            assert (await client.get("/health")).text == "healthy"

    async def test_literal_extra_route_goes_before_a_variable_of_a_controller(self) -> None:
        routes = [self.native_route("/items/count", self.healthy)]
        async with self.serving(ItemController, extra_routes=routes) as client:
            assert (await client.get("/items/count")).text == "healthy"
            assert (await client.get("/items/8")).json() == "item 8"

    async def test_methods_of_both_are_allowed(self) -> None:
        routes = [self.native_route("/items/{item_id}", self.healthy, method="PUT")]
        async with self.serving(ItemController, extra_routes=routes) as client:
            assert (await client.put("/items/7")).text == "healthy"
            assert (await client.patch("/items/7")).listed("allow") == ["GET", "HEAD", "OPTIONS", "PUT"]

    async def test_extra_route_of_a_controllers_path_stops_the_start(self) -> None:
        routes = [self.native_route("/items/{name}", self.healthy)]
        error = self.refusal(context=self.context_of(ItemController), extra_routes=routes)

        assert error.controller == "ItemController"

    async def test_failure_of_an_extra_route_is_a_problem(self) -> None:
        def fail() -> Any:
            raise ConflictException("taken", code="TAKEN")

        async with self.serving(extra_routes=[self.native_route("/fail", fail)]) as client:
            answer = await client.get("/fail")

        assert (answer.status, answer.media_type) == (409, "application/problem+json")
        assert answer.json()["code"] == "TAKEN"

    async def test_unexpected_failure_of_an_extra_route_tells_nothing(self) -> None:
        def fail() -> Any:
            raise RuntimeError("password=hunter2")

        async with self.serving(extra_routes=[self.native_route("/fail", fail)]) as client:
            answer = await client.get("/fail")

        assert (answer.status, answer.json()["code"]) == (500, "INTERNAL_ERROR")
        assert "hunter2" not in answer.text

    async def test_advice_answers_for_extra_routes(self) -> None:
        def fail() -> Any:
            raise ConflictException("taken")

        async with self.serving(ConflictAdvice, extra_routes=[self.native_route("/fail", fail)]) as client:
            answer = await client.get("/fail")

        assert (answer.status, answer.json()) == (409, {"advice": "taken"})

    async def test_extra_route_carries_the_request_id(self) -> None:
        async with self.serving(extra_routes=[self.native_route("/health", self.healthy)]) as client:
            answer = await client.get("/health", headers={"x-request-id": "r-1"})

        assert answer.header("x-request-id") == "r-1"

    async def test_head_of_an_extra_route_has_no_body(self) -> None:
        async with self.serving(extra_routes=[self.native_route("/health", self.healthy)]) as client:
            answer = await client.head("/health")

        assert (answer.status, answer.body, answer.header("content-length")) == (200, b"", "7")

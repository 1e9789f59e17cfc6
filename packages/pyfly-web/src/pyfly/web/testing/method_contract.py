# SPDX-License-Identifier: Apache-2.0
"""Methods that no handler names: ``HEAD``, ``OPTIONS``, and those that are not allowed (RFC 9110)."""

from pyfly.container.stereotypes import rest_controller
from pyfly.web.mappings import delete_mapping, get_mapping, post_mapping, request_mapping
from pyfly.web.params import PathVar
from pyfly.web.testing.adapter_hooks import AdapterHooks


@rest_controller
@request_mapping("/orders")
class OrderController:
    @get_mapping()
    async def orders(self) -> list[str]:
        return ["first", "second"]

    @post_mapping(status_code=201)
    async def place(self) -> str:
        return "placed"

    @get_mapping("/{order_id}")
    async def order(self, order_id: PathVar[int]) -> int:
        return order_id

    @delete_mapping("/{order_id}")
    async def cancel(self, order_id: PathVar[int]) -> None: ...

    @post_mapping("/{order_id}/payment")
    async def pay(self, order_id: PathVar[int]) -> None: ...


class MethodContract(AdapterHooks):
    """``GET`` answers ``HEAD``, ``OPTIONS`` tells what is allowed, anything else is refused."""

    async def test_head_answers_as_get_without_the_body(self) -> None:
        async with self.serving(OrderController) as client:
            full, head = await client.get("/orders"), await client.head("/orders")

        assert (head.status, head.body) == (200, b"")
        assert head.header("content-type") == full.header("content-type")
        assert head.header("content-length") == full.header("content-length") == str(len(full.body))

    async def test_head_of_a_failure_has_no_body(self) -> None:
        async with self.serving(OrderController) as client:
            answer = await client.head("/orders/seven")

        assert (answer.status, answer.body) == (400, b"")
        assert answer.media_type == "application/problem+json"

    async def test_head_of_an_unknown_path_has_no_body(self) -> None:
        async with self.serving(OrderController) as client:
            answer = await client.head("/nothing")

        assert (answer.status, answer.body) == (404, b"")

    async def test_head_is_refused_where_get_is_not_answered(self) -> None:
        async with self.serving(OrderController) as client:
            answer = await client.head("/orders/7/payment")

        assert (answer.status, answer.body) == (405, b"")
        assert set(answer.listed("allow")) == {"OPTIONS", "POST"}

    async def test_options_names_the_allowed_methods(self) -> None:
        async with self.serving(OrderController) as client:
            answer = await client.options("/orders")

        assert (answer.status, answer.body) == (200, b"")
        assert answer.listed("allow") == ["GET", "HEAD", "OPTIONS", "POST"]

    async def test_options_gathers_all_handlers_of_a_path(self) -> None:
        async with self.serving(OrderController) as client:
            answer = await client.options("/orders/7")

        assert answer.listed("allow") == ["DELETE", "GET", "HEAD", "OPTIONS"]

    async def test_options_of_an_unknown_path_is_not_found(self) -> None:
        async with self.serving(OrderController) as client:
            assert (await client.options("/nothing")).status == 404

    async def test_other_method_is_refused_with_the_allowed_ones(self) -> None:
        async with self.serving(OrderController) as client:
            answer = await client.put("/orders/7", json={})

        assert answer.status == 405
        assert answer.listed("allow") == ["DELETE", "GET", "HEAD", "OPTIONS"]
        assert answer.media_type == "application/problem+json"
        assert answer.json()["code"] == "METHOD_NOT_ALLOWED"
        assert answer.json()["status"] == 405

    async def test_method_that_nobody_knows_is_refused(self) -> None:
        async with self.serving(OrderController) as client:
            answer = await client.request("BREW", "/orders")

        assert answer.status == 405
        assert answer.listed("allow") == ["GET", "HEAD", "OPTIONS", "POST"]

    async def test_trace_is_refused(self) -> None:
        async with self.serving(OrderController) as client:
            assert (await client.request("TRACE", "/orders")).status == 405

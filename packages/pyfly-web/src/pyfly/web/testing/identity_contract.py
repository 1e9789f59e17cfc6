# SPDX-License-Identifier: Apache-2.0
"""Ids of requests: taken from the client where they do no harm, made up otherwise, and always told."""

from uuid import UUID

from pyfly.container.stereotypes import rest_controller
from pyfly.context.request_context import RequestContext
from pyfly.web.mappings import get_mapping, request_mapping
from pyfly.web.params import PathVar
from pyfly.web.testing.adapter_hooks import AdapterHooks

IDS = ("x-request-id", "x-correlation-id", "x-transaction-id")
GIVEN = {"x-request-id": "r-1", "x-correlation-id": "c-1", "x-transaction-id": "t-1"}
TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@rest_controller
@request_mapping("/ids")
class IdController:
    @get_mapping("/request")
    async def request(self, context: RequestContext) -> str:
        return context.request_id

    @get_mapping("/number/{number}")
    async def number(self, number: PathVar[int]) -> int:
        return number

    @get_mapping("/broken")
    async def broken(self) -> None:
        raise RuntimeError("broken")


class IdentityContract(AdapterHooks):
    """Every answer carries the three ids; what identifies the caller's trace is echoed."""

    async def test_given_ids_are_repeated(self) -> None:
        async with self.serving(IdController) as client:
            answer = await client.get("/ids/request", headers=GIVEN)

        assert {name: answer.header(name) for name in IDS} == GIVEN

    async def test_ids_are_made_up_where_none_are_given(self) -> None:
        async with self.serving(IdController) as client:
            first, second = await client.get("/ids/request"), await client.get("/ids/request")

        assert all(UUID(first.header(name)) for name in IDS)
        assert first.header("x-request-id") == first.json()
        assert all(first.header(name) != second.header(name) for name in IDS)

    async def test_longest_id_is_taken(self) -> None:
        given = "A.b_c:d-" + "1" * 120
        async with self.serving(IdController) as client:
            answer = await client.get("/ids/request", headers=dict.fromkeys(IDS, given))

        assert all(answer.header(name) == given for name in IDS)

    async def test_id_that_is_too_long_is_replaced(self) -> None:
        async with self.serving(IdController) as client:
            answer = await client.get("/ids/request", headers=dict.fromkeys(IDS, "x" * 129))

        assert all(UUID(answer.header(name)) for name in IDS)

    async def test_id_with_other_characters_is_replaced(self) -> None:
        async with self.serving(IdController) as client:
            answer = await client.get("/ids/request", headers=dict.fromkeys(IDS, "<script> {x}"))

        assert all(UUID(answer.header(name)) for name in IDS)

    async def test_refused_parameter_carries_the_ids(self) -> None:
        async with self.serving(IdController) as client:
            answer = await client.get("/ids/number/x", headers=GIVEN)

        assert answer.status == 400
        assert {name: answer.header(name) for name in IDS} == GIVEN
        assert answer.json()["requestId"] == "r-1"

    async def test_unknown_path_carries_the_ids(self) -> None:
        async with self.serving(IdController) as client:
            answer = await client.get("/nothing", headers=GIVEN)

        assert answer.status == 404
        assert {name: answer.header(name) for name in IDS} == GIVEN

    async def test_method_that_is_not_allowed_carries_the_ids(self) -> None:
        async with self.serving(IdController) as client:
            answer = await client.delete("/ids/request", headers=GIVEN)

        assert answer.status == 405
        assert {name: answer.header(name) for name in IDS} == GIVEN

    async def test_options_carries_the_ids(self) -> None:
        async with self.serving(IdController) as client:
            answer = await client.options("/ids/request", headers=GIVEN)

        assert {name: answer.header(name) for name in IDS} == GIVEN

    async def test_redirect_carries_the_ids(self) -> None:
        async with self.serving(IdController) as client:
            answer = await client.get("/ids/request/", headers=GIVEN)

        assert answer.status == 307
        assert {name: answer.header(name) for name in IDS} == GIVEN

    async def test_internal_error_carries_the_ids(self) -> None:
        async with self.serving(IdController) as client:
            answer = await client.get("/ids/broken", headers=GIVEN)

        assert answer.status == 500
        assert {name: answer.header(name) for name in IDS} == GIVEN

    async def test_tenant_and_trace_are_echoed(self) -> None:
        sent = {"x-tenant-id": "acme", "traceparent": TRACEPARENT, "tracestate": "a=1"}
        async with self.serving(IdController) as client:
            answer = await client.get("/ids/request", headers=sent)

        assert {name: answer.header(name) for name in sent} == sent

    async def test_tenant_and_trace_are_not_made_up(self) -> None:
        async with self.serving(IdController) as client:
            answer = await client.get("/ids/request")

        assert [answer.header(name) for name in ("x-tenant-id", "traceparent", "tracestate")] == [None] * 3

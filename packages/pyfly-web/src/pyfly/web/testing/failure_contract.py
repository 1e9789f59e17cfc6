# SPDX-License-Identifier: Apache-2.0
"""Failed requests: the status of each error, and the problem document (RFC 9457)."""

import json
from datetime import datetime, timedelta

from pyfly.container.stereotypes import rest_controller
from pyfly.kernel.exceptions import (
    BulkheadException,
    BusinessException,
    ConcurrencyException,
    ConflictException,
    ForbiddenException,
    GoneException,
    InfrastructureException,
    LockedResourceException,
    PreconditionFailedException,
    RateLimitException,
    ResourceNotFoundException,
    ServiceUnavailableException,
    UnauthorizedException,
    ValidationException,
)
from pyfly.web.mappings import get_mapping, request_mapping
from pyfly.web.params import PathVar
from pyfly.web.testing.adapter_hooks import AdapterHooks


class TeapotException(BusinessException):
    http_status = 418


FAILURES = {
    "validation": ValidationException("wrong"),
    "not-found": ResourceNotFoundException("no such order", code="ORDER_NOT_FOUND", context={"order": 7}),
    "conflict": ConflictException("taken"),
    "concurrency": ConcurrencyException("changed meanwhile"),
    "precondition": PreconditionFailedException("stale"),
    "gone": GoneException("sold out"),
    "locked": LockedResourceException("in use"),
    "unauthorized": UnauthorizedException("who are you?", context={"www_authenticate": "Bearer"}),
    "forbidden": ForbiddenException("not yours"),
    "rate": RateLimitException("slow down", context={"retry_after": 30}),
    "business": BusinessException("not allowed today"),
    "own-status": TeapotException("short and stout"),
    "infrastructure": InfrastructureException("db.orders.internal:5432 refused the connection"),
    "unavailable": ServiceUnavailableException("closed", context={"retry_after": 5}),
    "bulkhead": BulkheadException("full"),
    "timeout": TimeoutError(),
    "json": json.JSONDecodeError("Expecting value", "{", 1),
    "unexpected": RuntimeError("password=hunter2"),
    "key": KeyError("secret-key"),
}


@rest_controller
@request_mapping("/fail")
class FailingController:
    @get_mapping("/{kind}")
    async def fail(self, kind: PathVar[str]) -> None:
        raise FAILURES[kind]

    @get_mapping("/plain/{kind}")
    def fail_in_a_thread(self, kind: PathVar[str]) -> None:
        raise FAILURES[kind]


class FailureContract(AdapterHooks):
    """The class of the exception decides the status; what is internal is never told."""

    async def status_of(self, kind: str) -> int:
        """Return the status of one of the failures."""
        async with self.serving(FailingController) as client:
            return (await client.get(f"/fail/{kind}")).status

    async def test_validation_is_422(self) -> None:
        assert await self.status_of("validation") == 422

    async def test_not_found_is_404(self) -> None:
        assert await self.status_of("not-found") == 404

    async def test_conflict_is_409(self) -> None:
        assert await self.status_of("conflict") == 409

    async def test_concurrent_change_is_409(self) -> None:
        assert await self.status_of("concurrency") == 409

    async def test_failed_precondition_is_412(self) -> None:
        assert await self.status_of("precondition") == 412

    async def test_gone_is_410(self) -> None:
        assert await self.status_of("gone") == 410

    async def test_locked_is_423(self) -> None:
        assert await self.status_of("locked") == 423

    async def test_forbidden_is_403(self) -> None:
        assert await self.status_of("forbidden") == 403

    async def test_broken_business_rule_is_400(self) -> None:
        assert await self.status_of("business") == 400

    async def test_bulkhead_is_503(self) -> None:
        assert await self.status_of("bulkhead") == 503

    async def test_status_of_the_exception_class_is_kept(self) -> None:
        assert await self.status_of("own-status") == 418

    async def test_infrastructure_is_502(self) -> None:
        assert await self.status_of("infrastructure") == 502

    async def test_timeout_is_504(self) -> None:
        assert await self.status_of("timeout") == 504

    async def test_problem_document_has_its_members(self) -> None:
        async with self.serving(FailingController) as client:
            answer = await client.get("/fail/not-found", headers={"x-request-id": "r-1"})

        problem = answer.json()
        assert answer.header("content-type") == "application/problem+json"
        assert datetime.fromisoformat(problem.pop("timestamp")).utcoffset() == timedelta(0)
        assert {key: problem[key] for key in ("type", "title", "status", "detail", "instance")} == {
            "type": "about:blank",
            "title": "Not Found",
            "status": 404,
            "detail": "no such order",
            "instance": "/fail/not-found",
        }
        assert (problem["code"], problem["category"]) == ("ORDER_NOT_FOUND", "RESOURCE")
        assert (problem["context"], problem["requestId"]) == ({"order": 7}, "r-1")

    async def test_unauthorized_carries_the_challenge(self) -> None:
        async with self.serving(FailingController) as client:
            answer = await client.get("/fail/unauthorized")

        assert (answer.status, answer.header("www-authenticate")) == (401, "Bearer")

    async def test_rate_limit_says_when_to_come_back(self) -> None:
        async with self.serving(FailingController) as client:
            answer = await client.get("/fail/rate")

        assert (answer.status, answer.header("retry-after")) == (429, "30")

    async def test_unavailable_service_says_when_to_come_back(self) -> None:
        async with self.serving(FailingController) as client:
            answer = await client.get("/fail/unavailable")

        assert (answer.status, answer.header("retry-after")) == (503, "5")

    async def test_error_of_the_json_library_is_400(self) -> None:
        async with self.serving(FailingController) as client:
            answer = await client.get("/fail/json")

        assert (answer.status, answer.json()["code"]) == (400, "INVALID_JSON")

    async def test_unexpected_error_tells_nothing(self) -> None:
        async with self.serving(FailingController) as client:
            answer = await client.get("/fail/unexpected")

        assert answer.status == 500
        assert answer.media_type == "application/problem+json"
        assert answer.json()["code"] == "INTERNAL_ERROR"
        assert "hunter2" not in answer.text
        assert "RuntimeError" not in answer.text

    async def test_error_of_the_infrastructure_tells_nothing_internal(self) -> None:
        async with self.serving(FailingController) as client:
            answer = await client.get("/fail/infrastructure")

        assert answer.status == 502
        assert "db.orders" not in answer.text

    async def test_failure_in_a_plain_method_is_answered_alike(self) -> None:
        async with self.serving(FailingController) as client:
            expected = await client.get("/fail/plain/not-found")
            unexpected = await client.get("/fail/plain/key")

        assert (expected.status, expected.json()["code"]) == (404, "ORDER_NOT_FOUND")
        assert unexpected.status == 500
        assert "secret-key" not in unexpected.text

    async def test_debug_tells_the_exception(self) -> None:
        async with self.serving(FailingController, debug=True) as client:
            answer = await client.get("/fail/unexpected")

        assert answer.status == 500
        assert "RuntimeError" in answer.json()["exception"]
        assert any("raise FAILURES[kind]" in line for line in answer.json()["trace"])

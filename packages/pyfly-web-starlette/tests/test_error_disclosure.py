# SPDX-License-Identifier: Apache-2.0
"""What leaves the application when something inside it has failed."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError
from starlette.exceptions import HTTPException

from pyfly.container.stereotypes import component
from pyfly.kernel import (
    BadGatewayException,
    BusinessException,
    CircuitBreakerException,
    GatewayTimeoutException,
    InfrastructureException,
    NotImplementedException,
    PluginException,
    PyFlyException,
    RetryExhaustedException,
    ServiceUnavailableException,
    ThirdPartyServiceException,
)
from pyfly.web import Valid, controller_advice, exception_handler, get_mapping, post_mapping, rest_controller
from pyfly.web.converters import ExceptionConverter

SECRETS = [
    "SELECT email FROM users WHERE id = 4711",
    "INSERT INTO users (email) VALUES ('ann@example.com')",
    "update accounts set balance = 0",
    'relation "secret_orders" does not exist',
    "https://vault.internal.example.com/v1/keys?token=s.4711",
    "postgresql+asyncpg://shop:hunter2@db-7:5432/shop",
    "10.20.30.40:6379",
    "fe80::1ff:fe23:4567:890a",
    "/srv/shop/config/secrets.yaml",
    "C:\\shop\\secrets.yaml",
    'File "/srv/shop/app/orders.py", line 17, in place',
    "Traceback (most recent call last):\n  place()\nLookupError: hunter2",
    "app.repositories.orders.OrderRepository",
    "sqlalchemy.exc.OperationalError",
    "password=hunter2 user=shop",
    "Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI0NzExIn0.c2lnbmF0dXJl",
    "AKIAIOSFODNN7EXAMPLE",
    "{'card': '4111 1111 1111 1111', 'cvc': '123'}",
    "<Order object at 0x7f3a5c2e1d90>",
    "cart of ann@example.com",
]

HARMLESS = [
    "The bank does not answer, try again later",
    "Orders are closed until 18:30",
    "Order 7 could not be stored",
]


class OrderLost(InfrastructureException):
    http_status = 500


class ShopClosed(BusinessException):
    http_status = 503


class Unconverted(Exception):
    pass


class Converted(Exception):
    pass


class Advised(Exception):
    pass


@component
class BankErrors(ExceptionConverter):
    """A converter that is careless with texts."""

    def can_handle(self, exc: Exception) -> bool:
        return isinstance(exc, Converted)

    def convert(self, exc: Exception) -> PyFlyException:
        return BadGatewayException(f"The bank said: {exc}", code=str(exc), context={"said": str(exc)})


@controller_advice
class FailingAdvice:
    @exception_handler(Advised)
    async def advised(self, exc: Advised) -> None:
        raise RuntimeError(f"advice failed over {exc}") from exc


def wrapped(text: str) -> Exception:
    error = RetryExhaustedException(f"Gave up: {text}")
    error.__cause__ = OSError(text)
    return error


def rejected(text: str) -> Exception:
    try:
        TypeAdapter(list[int]).validate_python([text])
    except ValidationError as failure:
        return PluginException(f"Bad answer: {failure}", context={"errors": failure.errors()})

    raise AssertionError("the text was taken")


WAYS_TO_FAIL: dict[str, Callable[[str], Exception]] = {
    "foreign": RuntimeError,
    "foreign with notes": Unconverted,
    "key": KeyError,
    "system": lambda text: OSError(5, text, text),
    "time-out": TimeoutError,
    "group": lambda text: ExceptionGroup(text, [ValueError(text)]),
    "converted": Converted,
    "advice fails": Advised,
    "500": OrderLost,
    "501": NotImplementedException,
    "502": ThirdPartyServiceException,
    "503": ServiceUnavailableException,
    "504": GatewayTimeoutException,
    "business": ShopClosed,
    "circuit": CircuitBreakerException,
    "circuit with a code": lambda text: CircuitBreakerException(text, code="OFF", context={"host": text}),
    "code": lambda text: OrderLost("Closed", code=text),
    "context": lambda text: OrderLost("Closed", context={"sql": text, text: 1, "errors": [text]}),
    "in a sentence": lambda text: OrderLost(f"Order 7 could not be stored ({text}), sorry"),
    "quoted": wrapped,
    "rejected input": rejected,
    "http": lambda text: HTTPException(500, detail=text),
    "http with data": lambda text: HTTPException(500, detail={"said": text}),  # type: ignore[arg-type]  # some do
    "http in a sentence": lambda text: HTTPException(502, detail=f"The bank said {text}."),
}


@rest_controller
class Shop:
    failure: Exception

    @get_mapping("/fail")
    async def fail(self) -> None:
        raise Shop.failure

    @get_mapping("/fail-sync")
    def fail_sync(self) -> None:
        raise Shop.failure


@pytest.mark.parametrize("path", ["/fail", "/fail-sync"])
@pytest.mark.parametrize("way", WAYS_TO_FAIL)
def test_nothing_internal_leaves(serve: Any, caplog: pytest.LogCaptureFixture, way: str, path: str) -> None:
    with serve(Shop, BankErrors, FailingAdvice) as client:
        for secret in SECRETS:
            caplog.clear()
            Shop.failure = WAYS_TO_FAIL[way](secret)
            response = client.get(path, headers={"x-request-id": "r-1"})

            assert 500 <= response.status_code < 600, secret
            assert response.headers["content-type"] == "application/problem+json"
            body = response.json()
            # Digits of times and ids are random: some of them may be those of a secret.
            assert datetime.fromisoformat(body.pop("timestamp"))
            assert UUID(body.pop("transactionId"))
            headers = [value for name, value in response.headers.items() if not name.endswith("-id")]
            leaving = f"{body} {headers}"
            for text in SECRETS:
                for part in {text, *text.split()} - {"in", "of", "at", "not", "does", "line", "object"}:
                    assert len(part) < 4 or part not in leaving, f"{part!r} left with {secret!r}"

            (logged,) = [record for record in caplog.records if record.levelno >= logging.ERROR]
            assert logged.exc_info is not None


@pytest.mark.parametrize("text", HARMLESS)
@pytest.mark.parametrize("way", ["500", "501", "502", "503", "504", "business", "http"])
def test_harmless_message_of_the_application_leaves(serve: Any, way: str, text: str) -> None:
    with serve(Shop) as client:
        Shop.failure = WAYS_TO_FAIL[way](text)

        assert client.get("/fail").json()["detail"] == text


@pytest.mark.parametrize("text", [*SECRETS, *HARMLESS])
def test_foreign_exception_tells_nothing_at_all(serve: Any, text: str) -> None:
    with serve(Shop) as client:
        Shop.failure = RuntimeError(text)
        body = client.get("/fail").json()

    assert (body["status"], body["detail"], body["code"]) == (500, "Internal server error", "INTERNAL_ERROR")
    assert sorted(body) == sorted(
        [
            "type",
            "title",
            "status",
            "detail",
            "instance",
            "code",
            "category",
            "timestamp",
            "requestId",
            "transactionId",
        ]
    )


def test_open_circuit_has_a_code_and_says_when_to_retry(serve: Any) -> None:
    with serve(Shop) as client:
        Shop.failure = CircuitBreakerException("'db-7' is open", context={"retry_after": 4.2})
        response = client.get("/fail")

    body = response.json()
    assert (response.status_code, response.headers["retry-after"]) == (503, "5")
    assert (body["detail"], body["code"]) == ("The circuit is open", "CIRCUIT_BREAKER_OPEN")
    assert body["category"] == "CIRCUIT_BREAKER"


def test_open_circuit_with_a_code_of_its_own_keeps_it(serve: Any) -> None:
    with serve(Shop) as client:
        Shop.failure = CircuitBreakerException("Payments are suspended", code="PAYMENTS_OFF")
        body = client.get("/fail").json()

    assert (body["status"], body["detail"], body["code"]) == (503, "Payments are suspended", "PAYMENTS_OFF")


class Card(BaseModel):
    number: int
    pin: int


@rest_controller
class Till:
    @post_mapping("/cards")
    async def pay(self, card: Valid[Card]) -> None: ...


def test_rejected_input_does_not_leave_and_the_faults_do(serve: Any) -> None:
    with serve(Till) as client:
        response = client.post("/cards", json={"number": "4111-1111", "secret": "hunter2"})

    assert response.status_code == 422
    assert response.json()["errors"] == [
        {
            "type": "int_parsing",
            "loc": ["number"],
            "msg": "Input should be a valid integer, unable to parse string as an integer",
            "field": "number",
        },
        {"type": "missing", "loc": ["pin"], "msg": "Field required", "field": "pin"},
    ]
    for rejected_text in ("4111", "hunter2"):
        assert rejected_text not in response.text


def test_message_of_an_error_of_the_caller_leaves_word_for_word(serve: Any) -> None:
    with serve(Shop) as client:
        Shop.failure = HTTPException(404, detail="No page /orders/7 at shop.example.com")

        assert client.get("/fail").json()["detail"] == "No page /orders/7 at shop.example.com"

# SPDX-License-Identifier: Apache-2.0
"""Methods that answer for exceptions, in controllers and in advice."""

from typing import Any

from pyfly.container.ordering import order
from pyfly.container.stereotypes import controller_advice, rest_controller
from pyfly.kernel.exceptions import BusinessException, PyFlyException, ResourceNotFoundException
from pyfly.web.exception_handler import exception_handler
from pyfly.web.mappings import get_mapping, post_mapping, request_mapping
from pyfly.web.params import QueryParam
from pyfly.web.testing.adapter_hooks import AdapterHooks


class OutOfTea(BusinessException):
    pass


class OutOfMilk(OutOfTea):
    pass


class Broken(Exception):
    pass


@rest_controller
@request_mapping("/tea")
class TeaController:
    @get_mapping()
    async def tea(self, number: QueryParam[int] = 0) -> None:
        raise OutOfTea("none left")

    @get_mapping("/milk")
    async def milk(self) -> None:
        raise OutOfMilk("sour")

    @get_mapping("/broken")
    async def broken(self) -> None:
        raise Broken("cracked")

    @get_mapping("/missing")
    async def missing(self) -> None:
        raise ResourceNotFoundException("no cup")

    @post_mapping("/plain")
    def plain(self) -> None:
        raise OutOfTea("none left")


@rest_controller
@request_mapping("/coffee")
class CoffeeController:
    @get_mapping()
    async def coffee(self) -> None:
        raise OutOfTea("only coffee")

    @exception_handler(OutOfTea)
    async def no_tea(self, exc: OutOfTea) -> tuple[int, dict[str, str]]:
        return 409, {"controller": str(exc)}


@controller_advice
class TeaAdvice:
    @exception_handler(OutOfTea, status_code=503)
    async def out_of_tea(self, exc: OutOfTea) -> dict[str, str]:
        return {"advice": str(exc)}

    @exception_handler(OutOfMilk)
    def out_of_milk(self, exc: OutOfMilk) -> tuple[int, dict[str, str]]:
        return 410, {"milk": str(exc)}


@controller_advice
@order(-10)
class FirstAdvice:
    @exception_handler(OutOfTea)
    async def out_of_tea(self, exc: OutOfTea) -> tuple[int, str]:
        return 429, "first"


@controller_advice
class FailingAdvice:
    @exception_handler(OutOfTea)
    async def fail(self, exc: OutOfTea) -> None:
        raise LookupError("the advice is lost")


@controller_advice
class ManyAdvice:
    @exception_handler(Broken, ResourceNotFoundException, status_code=404)
    async def many(self, exc: Exception) -> dict[str, str]:
        return {"kind": type(exc).__name__}


@controller_advice
class CatchAllAdvice:
    @exception_handler(Exception, status_code=500)
    async def anything(self, exc: Exception) -> dict[str, Any]:
        return {"caught": type(exc).__name__}

    @exception_handler(PyFlyException)
    async def known(self, exc: PyFlyException) -> tuple[int, dict[str, Any]]:
        return exc.http_status or 400, {"code": exc.code}


class ErrorHandlerContract(AdapterHooks):
    """The controller's handlers come first, then advice by order; the most derived exception type wins."""

    async def test_advice_answers_with_its_declared_status(self) -> None:
        async with self.serving(TeaController, TeaAdvice) as client:
            answer = await client.get("/tea")

        assert (answer.status, answer.json()) == (503, {"advice": "none left"})
        assert answer.header("content-type") == "application/json"

    async def test_most_derived_type_wins(self) -> None:
        async with self.serving(TeaController, TeaAdvice) as client:
            answer = await client.get("/tea/milk")

        assert (answer.status, answer.json()) == (410, {"milk": "sour"})

    async def test_handler_of_the_controller_goes_before_advice(self) -> None:
        async with self.serving(CoffeeController, TeaController, TeaAdvice) as client:
            own, other = await client.get("/coffee"), await client.get("/tea")

        assert (own.status, own.json()) == (409, {"controller": "only coffee"})
        assert other.json() == {"advice": "none left"}

    async def test_advice_of_lower_order_goes_first(self) -> None:
        async with self.serving(TeaController, TeaAdvice, FirstAdvice) as client:
            answer = await client.get("/tea")

        assert (answer.status, answer.json()) == (429, "first")

    async def test_advice_answers_for_plain_methods(self) -> None:
        async with self.serving(TeaController, TeaAdvice) as client:
            assert (await client.post("/tea/plain")).json() == {"advice": "none left"}

    async def test_handler_may_name_several_types(self) -> None:
        async with self.serving(TeaController, ManyAdvice) as client:
            broken, missing = await client.get("/tea/broken"), await client.get("/tea/missing")

        assert (broken.status, broken.json()) == (404, {"kind": "Broken"})
        assert (missing.status, missing.json()) == (404, {"kind": "ResourceNotFoundException"})

    async def test_handler_that_fails_is_an_internal_error(self) -> None:
        async with self.serving(TeaController, FailingAdvice) as client:
            answer = await client.get("/tea")

        assert (answer.status, answer.json()["code"]) == (500, "INTERNAL_ERROR")
        assert "lost" not in answer.text

    async def test_advice_answers_for_parameters_that_cannot_be_read(self) -> None:
        async with self.serving(TeaController, CatchAllAdvice) as client:
            answer = await client.get("/tea?number=x")

        assert (answer.status, answer.json()) == (400, {"code": "TYPE_CONVERSION_ERROR"})

    async def test_advice_answers_for_unexpected_errors(self) -> None:
        async with self.serving(TeaController, CatchAllAdvice) as client:
            answer = await client.get("/tea/broken")

        assert (answer.status, answer.json()) == (500, {"caught": "Broken"})

    async def test_advice_answers_for_methods_that_are_not_allowed(self) -> None:
        async with self.serving(TeaController, CatchAllAdvice) as client:
            answer = await client.delete("/tea")

        assert (answer.status, answer.json()) == (405, {"code": "METHOD_NOT_ALLOWED"})

    async def test_answer_of_a_handler_carries_the_request_id(self) -> None:
        async with self.serving(TeaController, TeaAdvice) as client:
            answer = await client.get("/tea", headers={"x-request-id": "r-7"})

        assert answer.header("x-request-id") == "r-7"

    async def test_handler_may_return_a_native_response(self) -> None:
        make = self.native_response

        @controller_advice
        class NativeAdvice:
            @exception_handler(OutOfTea)
            async def native(self, exc: OutOfTea) -> Any:
                return make("sorry", status=418)

        async with self.serving(TeaController, NativeAdvice) as client:
            answer = await client.get("/tea")

        assert (answer.status, answer.text) == (418, "sorry")

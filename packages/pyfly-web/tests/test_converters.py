# SPDX-License-Identifier: Apache-2.0
import json
import logging
import subprocess
import sys
from importlib.metadata import entry_points
from types import ModuleType

import pydantic
import pytest

from pyfly.config.store import Config
from pyfly.container.ordering import order
from pyfly.container.stereotypes import component
from pyfly.context.application_context import ApplicationContext
from pyfly.kernel import (
    BadGatewayException,
    BusinessException,
    CircuitBreakerException,
    ConflictException,
    ErrorCategory,
    GatewayTimeoutException,
    PyFlyException,
    ServiceUnavailableException,
)
from pyfly.web.auto_configuration import WebAutoConfiguration
from pyfly.web.converters import (
    ExceptionConverter,
    ExceptionConverterService,
    build_exception_converter_service,
    default_exception_converters,
)


@component
@order(2)
class Lookups(ExceptionConverter):
    def can_handle(self, exc: Exception) -> bool:
        return isinstance(exc, LookupError)

    def convert(self, exc: Exception) -> PyFlyException:
        return BusinessException("lookup")


@component
@order(1)
class Keys(ExceptionConverter):
    def can_handle(self, exc: Exception) -> bool:
        return isinstance(exc, KeyError)

    def convert(self, exc: Exception) -> PyFlyException:
        return ConflictException("key")


def converted(exc: Exception) -> PyFlyException | None:
    return ExceptionConverterService(default_exception_converters()).convert(exc)


def test_pydantic_fault_becomes_a_validation_exception() -> None:
    with pytest.raises(pydantic.ValidationError) as caught:
        pydantic.TypeAdapter(int).validate_python("x")

    found = converted(caught.value)

    assert found is not None
    assert (found.http_status, found.code) == (422, "VALIDATION_ERROR")


def test_broken_json_becomes_an_invalid_request() -> None:
    with pytest.raises(json.JSONDecodeError) as caught:
        json.loads("[1,]")

    found = converted(caught.value)

    assert found is not None
    assert (found.http_status, found.code) == (400, "INVALID_JSON")
    assert found.context == {"position": caught.value.pos}


def test_time_out_becomes_a_gateway_time_out() -> None:
    found = converted(TimeoutError("10.0.0.7 did not answer"))

    assert found is not None
    assert (found.http_status, found.code, str(found)) == (504, "OPERATION_TIMEOUT", "Operation timed out")


@pytest.fixture
def integrity_error(monkeypatch: pytest.MonkeyPatch) -> Exception:
    """What SQLAlchemy raises; the library itself is no dependency of these tests."""

    class IntegrityError(Exception):
        pass

    library = ModuleType("sqlalchemy.exc")
    vars(library)["IntegrityError"] = IntegrityError
    monkeypatch.setitem(sys.modules, "sqlalchemy.exc", library)
    return IntegrityError("[SQL: INSERT INTO users (email) VALUES (?)] [parameters: ('ann@example.com',)]")


def test_broken_constraint_becomes_a_conflict_without_its_statement(integrity_error: Exception) -> None:
    found = converted(integrity_error)

    assert type(found) is ConflictException
    assert (found.http_status, found.code, found.context) == (409, "INTEGRITY_ERROR", {})
    assert str(found) == "The change breaks an integrity constraint"


@pytest.mark.parametrize("library", ["httpx", "httpx2"])
def test_errors_of_http_clients_become_upstream_errors_without_addresses(library: str) -> None:
    module = pytest.importorskip(library)
    request = module.Request("GET", "https://bank.internal/accounts")
    late = converted(module.ConnectTimeout("timed out", request=request))
    broken = converted(module.ConnectError("connection to bank.internal refused", request=request))
    response = module.Response(500, request=request)
    status = converted(module.HTTPStatusError("Server error for url", request=request, response=response))

    assert type(late) is GatewayTimeoutException
    assert (late.http_status, late.code, str(late)) == (
        504,
        "GATEWAY_TIMEOUT",
        "Upstream did not answer in time",
    )
    for found in (broken, status):
        assert type(found) is BadGatewayException
        assert (found.http_status, found.code, str(found)) == (
            502,
            "BAD_GATEWAY",
            "Upstream did not answer properly",
        )


def test_refusal_of_a_circuit_breaker_becomes_an_unavailable_service() -> None:
    found = converted(CircuitBreakerException("circuit 'db:5432' is open", context={"retry_after": 3}))

    assert isinstance(found, ServiceUnavailableException)
    assert (found.http_status, found.code, str(found)) == (503, "CIRCUIT_BREAKER_OPEN", "The circuit is open")
    assert (found.category, found.context) == (ErrorCategory.CIRCUIT_BREAKER, {"retry_after": 3})


def test_code_of_a_circuit_breaker_is_kept() -> None:
    found = converted(CircuitBreakerException("open", code="PAYMENTS_OFF"))

    assert found is not None
    assert found.code == "PAYMENTS_OFF"


def test_libraries_that_are_not_in_use_are_not_imported() -> None:
    program = (
        "import sys\n"
        "from pyfly.web.converters import build_exception_converter_service as build\n"
        "assert build().convert(RuntimeError('x')) is None\n"
        "print([name for name in ('sqlalchemy', 'httpx', 'httpx2') if name in sys.modules])"
    )
    finished = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True, timeout=60
    )

    assert finished.stdout.strip() == "[]"


class Broken(ExceptionConverter):
    def can_handle(self, exc: Exception) -> bool:
        if isinstance(exc, KeyError):
            raise LookupError("cannot tell")

        return True

    def convert(self, exc: Exception) -> PyFlyException:
        raise LookupError("cannot convert")


@pytest.mark.parametrize("exc", [KeyError(), IndexError()])
def test_converter_that_fails_is_passed_over(exc: Exception, caplog: pytest.LogCaptureFixture) -> None:
    found = ExceptionConverterService([Broken(), Lookups()]).convert(exc)

    assert str(found) == "lookup"
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("pyfly.web", logging.WARNING)
    assert record.getMessage() == f"Broken failed to convert {type(exc).__name__}"


def test_original_becomes_the_cause() -> None:
    exc = KeyError()
    found = ExceptionConverterService([Keys()]).convert(exc)

    assert found is not None
    assert found.__cause__ is exc


def test_unknown_exception_is_not_translated() -> None:
    assert converted(RuntimeError()) is None


def test_without_context_there_are_the_built_in_converters() -> None:
    assert build_exception_converter_service().convert(KeyError()) is None


async def test_beans_of_the_context_take_part_in_order() -> None:
    context = ApplicationContext(Config({}))
    context.register_bean(Lookups)
    context.register_bean(Keys)
    await context.start()

    for service in (context.get_bean(ExceptionConverterService), build_exception_converter_service(context)):
        assert str(service.convert(KeyError())) == "key"
        assert str(service.convert(IndexError())) == "lookup"
        assert service.convert(RuntimeError()) is None

    await context.stop()


async def test_service_of_the_application_takes_precedence() -> None:
    own = ExceptionConverterService([])
    context = ApplicationContext(Config({}))
    context.container.register_instance(ExceptionConverterService, own)
    await context.start()

    assert context.get_bean(ExceptionConverterService) is own
    await context.stop()


def test_entry_point_names_the_class() -> None:
    (found,) = entry_points(group="pyfly.auto_configuration", name="web")

    assert found.load() is WebAutoConfiguration

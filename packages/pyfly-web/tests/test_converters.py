# SPDX-License-Identifier: Apache-2.0
import json
from importlib.metadata import entry_points

import pydantic
import pytest

from pyfly.config.store import Config
from pyfly.container.ordering import order
from pyfly.container.stereotypes import component
from pyfly.context.application_context import ApplicationContext
from pyfly.kernel import BusinessException, ConflictException, PyFlyException
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

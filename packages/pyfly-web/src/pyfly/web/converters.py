# SPDX-License-Identifier: Apache-2.0
"""Translation of foreign exceptions into ours."""

from collections.abc import Iterable
from json import JSONDecodeError
from typing import Protocol, runtime_checkable

from pydantic import ValidationError

from pyfly.container.ordering import get_order
from pyfly.context.application_context import ApplicationContext
from pyfly.kernel.exceptions import InvalidRequestException, OperationTimeoutException, PyFlyException
from pyfly.validation.errors import validation_exception


@runtime_checkable
class ExceptionConverter(Protocol):
    """Translate some foreign exceptions. Any bean of this kind takes part, after the built-in ones."""

    def can_handle(self, exc: Exception) -> bool:
        """Tell whether ``convert`` knows this exception."""
        ...

    def convert(self, exc: Exception) -> PyFlyException:
        """Translate an exception that ``can_handle`` has accepted."""
        ...


class PydanticExceptionConverter(ExceptionConverter):
    """Translate pydantic's ``ValidationError``."""

    def can_handle(self, exc: Exception) -> bool:
        return isinstance(exc, ValidationError)

    def convert(self, exc: Exception) -> PyFlyException:
        assert isinstance(exc, ValidationError)
        return validation_exception(exc)


class JSONExceptionConverter(ExceptionConverter):
    """Translate the standard library's ``JSONDecodeError``."""

    def can_handle(self, exc: Exception) -> bool:
        return isinstance(exc, JSONDecodeError)

    def convert(self, exc: Exception) -> PyFlyException:
        assert isinstance(exc, JSONDecodeError)
        return InvalidRequestException(
            f"Invalid JSON: {exc.msg}", code="INVALID_JSON", context={"position": exc.pos}
        )


class TimeoutExceptionConverter(ExceptionConverter):
    """Translate ``TimeoutError``, which ``asyncio.timeout`` raises too."""

    def can_handle(self, exc: Exception) -> bool:
        return isinstance(exc, TimeoutError)

    def convert(self, exc: Exception) -> PyFlyException:
        return OperationTimeoutException("Operation timed out", code="OPERATION_TIMEOUT")


class ExceptionConverterService:
    """Ask converters in order."""

    def __init__(self, converters: Iterable[ExceptionConverter]) -> None:
        self._converters = tuple(converters)

    def convert(self, exc: Exception) -> PyFlyException | None:
        """Return the translation by the first converter that knows ``exc``, or ``None``."""
        for converter in self._converters:
            if converter.can_handle(exc):
                return converter.convert(exc)

        return None


def default_exception_converters() -> list[ExceptionConverter]:
    """Return the built-in converters in their order."""
    return [PydanticExceptionConverter(), JSONExceptionConverter(), TimeoutExceptionConverter()]


def build_exception_converter_service(context: ApplicationContext | None = None) -> ExceptionConverterService:
    """Return a service of the built-in converters, followed by a context's converter beans in their order.

    No bean is created: converters that do not exist yet, because the context has not started, are left out.
    """
    converters = default_exception_converters()
    if context is not None:
        beans = context.container.instances_of(ExceptionConverter)
        converters += sorted(beans, key=lambda bean: get_order(type(bean)))

    return ExceptionConverterService(converters)

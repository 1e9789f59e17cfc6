# SPDX-License-Identifier: Apache-2.0
"""Translation of foreign exceptions into ours.

The texts are generic: what a library says about statements, hosts and addresses stays in the exception,
for the log.
"""

import logging
import sys
from collections.abc import Iterable
from json import JSONDecodeError
from typing import Final, Protocol, runtime_checkable

from pydantic import ValidationError

from pyfly.container.ordering import get_order
from pyfly.context.application_context import ApplicationContext
from pyfly.kernel.exceptions import (
    BadGatewayException,
    CircuitBreakerException,
    ConflictException,
    GatewayTimeoutException,
    InvalidRequestException,
    OperationTimeoutException,
    PyFlyException,
    ServiceUnavailableException,
)
from pyfly.kernel.types import ErrorCategory
from pyfly.validation.errors import validation_exception
from pyfly.web.xml import dict_to_xml as dict_to_xml
from pyfly.web.xml import xml_to_dict as xml_to_dict

_HTTPX: Final = ("httpx", "httpx2")

logger = logging.getLogger("pyfly.web")


@runtime_checkable
class ExceptionConverter(Protocol):
    """Translate some foreign exceptions. Any bean of this kind takes part, after the built-in ones.

    What the translation says is told to the caller as if the application had raised it: a message below
    status 500 word for word. The original becomes its ``__cause__``, unless it has one already.
    """

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


class SQLAlchemyIntegrityExceptionConverter(ExceptionConverter):
    """Translate SQLAlchemy's ``IntegrityError``, if the application uses SQLAlchemy."""

    def can_handle(self, exc: Exception) -> bool:
        return _is_of(exc, ("sqlalchemy.exc",), "IntegrityError")

    def convert(self, exc: Exception) -> PyFlyException:
        return ConflictException("The change breaks an integrity constraint", code="INTEGRITY_ERROR")


class HttpxExceptionConverter(ExceptionConverter):
    """Translate the errors of httpx, its time-outs apart from the others, if the application uses it."""

    def can_handle(self, exc: Exception) -> bool:
        return _is_of(exc, _HTTPX, "HTTPError")

    def convert(self, exc: Exception) -> PyFlyException:
        if _is_of(exc, _HTTPX, "TimeoutException"):
            return GatewayTimeoutException("Upstream did not answer in time", code="GATEWAY_TIMEOUT")

        return BadGatewayException("Upstream did not answer properly", code="BAD_GATEWAY")


class CircuitOpenException(ServiceUnavailableException):
    """Report to the caller that a circuit breaker has refused a call."""

    category = ErrorCategory.CIRCUIT_BREAKER


class CircuitBreakerExceptionConverter(ExceptionConverter):
    """Translate the refusal of a circuit breaker; a code and the facts of its own are kept."""

    def can_handle(self, exc: Exception) -> bool:
        return isinstance(exc, CircuitBreakerException)

    def convert(self, exc: Exception) -> PyFlyException:
        assert isinstance(exc, CircuitBreakerException)
        code = exc.code or "CIRCUIT_BREAKER_OPEN"
        return CircuitOpenException("The circuit is open", code=code, context=exc.context)


_BUILT_IN: Final = (
    PydanticExceptionConverter,
    JSONExceptionConverter,
    TimeoutExceptionConverter,
    SQLAlchemyIntegrityExceptionConverter,
    HttpxExceptionConverter,
    CircuitBreakerExceptionConverter,
)


class ExceptionConverterService:
    """Ask converters in order."""

    def __init__(self, converters: Iterable[ExceptionConverter]) -> None:
        self._converters = tuple(converters)

    def convert(self, exc: Exception) -> PyFlyException | None:
        """Return the translation by the first converter that knows ``exc``, or ``None``.

        A converter that fails is passed over, with a warning in the log.
        """
        for converter in self._converters:
            try:
                if not converter.can_handle(exc):
                    continue

                converted = converter.convert(exc)
            except Exception as failure:
                name = type(converter).__qualname__
                logger.warning("%s failed to convert %s", name, type(exc).__qualname__, exc_info=failure)
                continue

            # With its cause known, a message that quotes a library can be held back. Ours never do.
            if converted.__cause__ is None and not isinstance(converter, _BUILT_IN):
                converted.__cause__ = exc

            return converted

        return None


def default_exception_converters() -> list[ExceptionConverter]:
    """Return the built-in converters in their order."""
    return [make() for make in _BUILT_IN]


def build_exception_converter_service(context: ApplicationContext | None = None) -> ExceptionConverterService:
    """Return a service of the built-in converters, followed by a context's converter beans in their order.

    No bean is created: converters that do not exist yet, because the context has not started, are left out.
    """
    converters = default_exception_converters()
    if context is not None:
        beans = context.container.instances_of(ExceptionConverter)
        converters += sorted(beans, key=lambda bean: get_order(type(bean)))

    return ExceptionConverterService(converters)


def _is_of(exc: Exception, modules: Iterable[str], name: str) -> bool:
    # A library that nobody has imported cannot have raised anything, so it is never imported here.
    for module in modules:
        kind = getattr(sys.modules.get(module), name, None)
        if isinstance(kind, type) and isinstance(exc, kind):
            return True

    return False

# SPDX-License-Identifier: Apache-2.0
"""The tree of errors that the framework and its applications raise.

Each class carries the facts that other layers need, as class attributes: the HTTP status, the category, the
severity, and whether the same call may succeed later. A subclass inherits them and overrides what differs.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Final

from pyfly.kernel._severity import ErrorCategory, ErrorSeverity

__all__ = [
    "AuthorizationException",
    "BadGatewayException",
    "BulkheadException",
    "BusinessException",
    "CircuitBreakerException",
    "ConcurrencyException",
    "ConflictException",
    "DataIntegrityException",
    "DegradedServiceException",
    "ExternalServiceException",
    "ForbiddenException",
    "GatewayTimeoutException",
    "GoneException",
    "InfrastructureException",
    "InvalidRequestException",
    "LockedResourceException",
    "MethodNotAllowedException",
    "NotImplementedException",
    "OperationTimeoutException",
    "PayloadTooLargeException",
    "PluginException",
    "PluginLoadError",
    "PluginStartError",
    "PluginStateError",
    "PluginStopError",
    "PreconditionFailedException",
    "PyFlyException",
    "QuotaExceededException",
    "RateLimitException",
    "ResourceNotFoundException",
    "RetryExhaustedException",
    "SecurityException",
    "ServiceUnavailableException",
    "ThirdPartyServiceException",
    "UnauthorizedException",
    "UnsupportedMediaTypeException",
    "ValidationException",
    "is_expected_error",
]


class PyFlyException(Exception):
    """Report a failure with a message, a code for machines, and facts about the case.

    A subclass may have any constructor: instances are pickled by their attributes, and restored without it.

    Args:
        message: What went wrong, for people.
        code: A stable name of the failure, for programs.
        context: Facts about this case; the mapping is copied.

    Attributes:
        http_status: What a web layer answers with, 400 to 599.
        category: The part of the system that the error belongs to.
        severity: How urgently it needs a person.
        retryable: Whether the same call may succeed later.
    """

    http_status: ClassVar[int] = 500
    category: ClassVar[ErrorCategory] = ErrorCategory.TECHNICAL
    severity: ClassVar[ErrorSeverity] = ErrorSeverity.MEDIUM
    retryable: ClassVar[bool] = False

    code: str | None
    context: dict[str, Any]

    def __init__(
        self, message: str, code: str | None = None, context: Mapping[str, Any] | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.context = dict(context) if context else {}

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        # Found where the class is written, not while an error of it is being answered.
        for name, (expected, fits) in _FACTS.items():
            value = vars(cls).get(name)
            if value is not None and not isinstance(value, property) and not fits(value):
                raise TypeError(f"{cls.__qualname__}.{name}: expected {expected}, got {value!r}")

        if isinstance(vars(cls).get("http_status"), int):
            cls.http_status = int(cls.http_status)  # a member of http.HTTPStatus is welcome

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (type(self), self.args, self.__dict__)


_FACTS: Final[Mapping[str, tuple[str, Callable[[object], bool]]]] = {
    "http_status": ("a status from 400 to 599", lambda value: isinstance(value, int) and 400 <= value <= 599),
    "category": ("an ErrorCategory", lambda value: isinstance(value, ErrorCategory)),
    "severity": ("an ErrorSeverity", lambda value: isinstance(value, ErrorSeverity)),
    "retryable": ("True or False", lambda value: isinstance(value, bool)),
}


def _restored(
    kind: type[PyFlyException], args: tuple[Any, ...], attributes: Mapping[str, Any]
) -> PyFlyException:
    restored = kind.__new__(kind, *args)
    restored.__dict__.update(attributes)
    return restored


class BusinessException(PyFlyException):
    """Report that a rule of the domain forbids the request."""

    http_status = 400
    category = ErrorCategory.BUSINESS
    severity = ErrorSeverity.LOW


class ValidationException(BusinessException):
    """Report input that is well-formed but not acceptable."""

    http_status = 422
    category = ErrorCategory.VALIDATION


class ResourceNotFoundException(BusinessException):
    """Report that the resource asked for does not exist."""

    http_status = 404
    category = ErrorCategory.RESOURCE


class ConflictException(BusinessException):
    """Report that the request contradicts the present state of the resource."""

    http_status = 409
    category = ErrorCategory.RESOURCE


class PreconditionFailedException(BusinessException):
    """Report that a condition the caller set does not hold."""

    http_status = 412


class GoneException(BusinessException):
    """Report that the resource existed and will not come back."""

    http_status = 410
    category = ErrorCategory.RESOURCE


class InvalidRequestException(BusinessException):
    """Report a request that cannot be understood."""

    http_status = 400
    category = ErrorCategory.VALIDATION


class DataIntegrityException(BusinessException):
    """Report that a change would break a constraint of the data."""

    http_status = 409


class ConcurrencyException(BusinessException):
    """Report that somebody else changed the data in between."""

    http_status = 409
    retryable = True


class LockedResourceException(BusinessException):
    """Report that the resource is locked by somebody else."""

    http_status = 423
    category = ErrorCategory.RESOURCE
    retryable = True


class MethodNotAllowedException(BusinessException):
    """Report that the resource does not support the operation."""

    http_status = 405


class UnsupportedMediaTypeException(BusinessException):
    """Report a media type that is not understood."""

    http_status = 415
    category = ErrorCategory.VALIDATION


class PayloadTooLargeException(BusinessException):
    """Report a request body that exceeds a limit."""

    http_status = 413
    category = ErrorCategory.VALIDATION


class SecurityException(PyFlyException):
    """Report that security rules forbid the request."""

    http_status = 403
    category = ErrorCategory.SECURITY


class UnauthorizedException(SecurityException):
    """Report that the caller is not, or not correctly, authenticated."""

    http_status = 401


class ForbiddenException(SecurityException):
    """Report that the caller is known and may not do this."""

    http_status = 403


class AuthorizationException(SecurityException):
    """Report that a check of permissions has failed."""

    http_status = 403


class InfrastructureException(PyFlyException):
    """Report that something the application stands on has failed."""

    http_status = 502
    severity = ErrorSeverity.HIGH


class ServiceUnavailableException(InfrastructureException):
    """Report that a service does not answer at the moment."""

    http_status = 503
    retryable = True


class CircuitBreakerException(InfrastructureException):
    """Report a call that an open circuit breaker has refused."""

    http_status = 503
    category = ErrorCategory.CIRCUIT_BREAKER
    retryable = True


class RateLimitException(InfrastructureException):
    """Report that the caller has sent too many requests."""

    http_status = 429
    category = ErrorCategory.RATE_LIMIT
    severity = ErrorSeverity.MEDIUM
    retryable = True


class QuotaExceededException(RateLimitException):
    """Report that an allowance is used up; a quick repeat will not help."""

    http_status = 429
    retryable = False


class BulkheadException(InfrastructureException):
    """Report that all places for concurrent calls are taken."""

    http_status = 503
    retryable = True


class OperationTimeoutException(InfrastructureException):
    """Report an operation that took longer than it may."""

    http_status = 504
    retryable = True


class RetryExhaustedException(InfrastructureException):
    """Report that every permitted attempt has failed."""


class DegradedServiceException(InfrastructureException):
    """Report that a service works only in part."""

    http_status = 503
    retryable = True


class NotImplementedException(InfrastructureException):
    """Report an operation that this system does not offer."""

    http_status = 501
    severity = ErrorSeverity.MEDIUM


class ExternalServiceException(InfrastructureException):
    """Report that a service of another party has failed."""

    category = ErrorCategory.EXTERNAL


class ThirdPartyServiceException(ExternalServiceException):
    """Report that a supplier's service has failed."""


class BadGatewayException(ExternalServiceException):
    """Report an answer from upstream that makes no sense."""

    http_status = 502
    retryable = True


class GatewayTimeoutException(ExternalServiceException):
    """Report that upstream did not answer in time."""

    http_status = 504
    retryable = True


class PluginException(PyFlyException):
    """Report a failure of a plugin."""

    severity = ErrorSeverity.HIGH


class PluginLoadError(PluginException):
    """Report a plugin that cannot be loaded."""


class PluginStartError(PluginException):
    """Report a plugin that cannot be started."""


class PluginStopError(PluginException):
    """Report a plugin that cannot be stopped."""


class PluginStateError(PluginException):
    """Report a plugin that is not in the state an operation needs."""


def is_expected_error(exc: BaseException) -> bool:
    """Tell whether ``exc`` is part of normal operation: the caller's doing, not a fault to be mended here."""
    return isinstance(exc, BusinessException | SecurityException)

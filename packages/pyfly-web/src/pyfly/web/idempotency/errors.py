# SPDX-License-Identifier: Apache-2.0
"""Why a request with an idempotency key is refused."""

from pyfly.kernel.exceptions import (
    BusinessException,
    ConflictException,
    InvalidRequestException,
    ServiceUnavailableException,
)
from pyfly.kernel.types import ErrorCategory


class InvalidIdempotencyKeyException(InvalidRequestException):
    """Report a key that is none."""


class IdempotencyKeyReusedException(BusinessException):
    """Report a key that has been used for another request."""

    http_status = 422
    category = ErrorCategory.VALIDATION


class RequestInFlightException(ConflictException):
    """Report that the first request with the key has not been answered yet."""

    retryable = True


class IdempotencyStoreException(ServiceUnavailableException):
    """Report that the store of idempotency keys does not answer, or is full."""

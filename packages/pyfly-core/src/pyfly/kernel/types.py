# SPDX-License-Identifier: Apache-2.0
"""The shape in which an error leaves the application."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pyfly.kernel._severity import ErrorCategory, ErrorSeverity
from pyfly.kernel.exceptions import PyFlyException, is_expected_error

__all__ = ["ErrorCategory", "ErrorResponse", "ErrorSeverity", "FieldError"]

_ALWAYS = ("timestamp", "status", "error", "message", "code", "path")
_WHEN_SET = (
    "trace_id",
    "span_id",
    "transaction_id",
    "retry_after",
    "suggestion",
    "documentation_url",
    "debug_info",
)


@dataclass(frozen=True)
class FieldError:
    """Tell what is wrong with one field of the input."""

    field: str
    message: str
    rejected_value: Any = None


@dataclass
class ErrorResponse:
    """Describe an error to the caller of the application.

    ``timestamp`` is ISO-8601 in UTC, ``status`` an HTTP status, ``retry_after`` counts seconds.
    """

    timestamp: str
    status: int
    error: str
    message: str
    code: str
    path: str
    trace_id: str | None = None
    span_id: str | None = None
    transaction_id: str | None = None
    category: ErrorCategory = ErrorCategory.TECHNICAL
    severity: ErrorSeverity = ErrorSeverity.MEDIUM
    retryable: bool = False
    retry_after: int | None = None
    field_errors: list[FieldError] = field(default_factory=list)
    debug_info: dict[str, Any] | None = None
    suggestion: str | None = None
    documentation_url: str | None = None

    @classmethod
    def from_exception(
        cls,
        exc: BaseException,
        *,
        path: str,
        transaction_id: str | None = None,
        trace_id: str | None = None,
        span_id: str | None = None,
    ) -> "ErrorResponse":
        """Describe ``exc`` from the facts of its class.

        The context of an error the caller can act on goes into ``debug_info``; that of any other error stays
        inside. An exception from outside the framework gives a 500 that reveals nothing of it.

        Args:
            exc: The error to describe.
            path: The path of the request that failed.
            transaction_id: Identifies the request across services.
            trace_id: Identifies the distributed trace.
            span_id: Identifies the span within the trace.
        """
        known = exc if isinstance(exc, PyFlyException) else None
        facts = known or PyFlyException
        retry_after = known.context.get("retry_after") if known else None
        return cls(
            timestamp=datetime.now(UTC).isoformat(),
            status=facts.http_status,
            error=_reason(facts.http_status),
            message=str(known) if known else "Internal server error",
            code=(known.code or type(known).__name__) if known else "INTERNAL_ERROR",
            path=path,
            trace_id=trace_id,
            span_id=span_id,
            transaction_id=transaction_id,
            category=facts.category,
            severity=facts.severity,
            retryable=facts.retryable,
            retry_after=int(retry_after) if isinstance(retry_after, int | float) else None,
            debug_info=dict(known.context) if known and known.context and is_expected_error(known) else None,
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the response as JSON-ready names and values, without what is not set."""
        body: dict[str, Any] = {name: getattr(self, name) for name in _ALWAYS}
        body["category"] = self.category.value
        body["severity"] = self.severity.value
        body["retryable"] = self.retryable
        body.update({name: value for name in _WHEN_SET if (value := getattr(self, name)) is not None})
        if self.field_errors:
            body["field_errors"] = [
                {"field": error.field, "message": error.message, "rejected_value": error.rejected_value}
                for error in self.field_errors
            ]

        return body


def _reason(status: int) -> str:
    # http.HTTPStatus costs a millisecond to import and is needed only once something has failed.
    from http import HTTPStatus

    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"

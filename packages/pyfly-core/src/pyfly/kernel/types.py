# SPDX-License-Identifier: Apache-2.0
"""The shape in which an error leaves the application."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import ceil, isfinite
from typing import Any

from pyfly.kernel._severity import ErrorCategory, ErrorSeverity
from pyfly.kernel.exceptions import PyFlyException, is_expected_error

__all__ = ["ErrorCategory", "ErrorResponse", "ErrorSeverity", "FieldError"]

_MODULES_OF_SCALARS = ("datetime", "decimal", "uuid")
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
    """Tell what is wrong with one field of the input.

    Attributes:
        field: The field, with dots between the levels.
        message: What is wrong with it, for people.
        rejected_value: The value, if the caller is to see it again. In `ErrorResponse.to_dict` it appears as
            ``"******"`` when the field's name looks like that of a secret, or when it is neither a text,
            a number, a boolean, a date, a time nor a UUID: a rejected container may hold secrets under
            any name.
    """

    field: str
    message: str
    rejected_value: Any = None


@dataclass
class ErrorResponse:
    """Describe an error to the caller of the application.

    ``timestamp`` is ISO-8601 in UTC, ``status`` an HTTP status, ``retry_after`` counts seconds.
    `from_exception` sees to it that nothing internal gets in; what a constructor call puts in is shown as
    it is.
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
        """Describe ``exc`` from the facts of its class, without anything internal.

        From status 500 on, the message is told only if nothing in it looks internal
        (`pyfly.kernel.disclosure.public_message`), and the context stays inside. Below 500 the message is
        told as it is. The context of an error that `is_expected_error` accepts then goes into
        ``debug_info``; from its list ``errors``, in the shape of pydantic, the field errors are made,
        without the rejected input. An exception from outside the framework gives a 500 that reveals
        nothing of it.

        ``retry_after`` in the context, in seconds or as a ``timedelta``, becomes that of the response,
        rounded up.

        Args:
            exc: The error to describe.
            path: The path of the request that failed.
            transaction_id: Identifies the request across services.
            trace_id: Identifies the distributed trace.
            span_id: Identifies the span within the trace.
        """
        # Imported late: nothing of it is needed until something has failed.
        from pyfly.kernel.disclosure import public_code, public_message, reason_phrase

        facts = exc if isinstance(exc, PyFlyException) else PyFlyException
        faults, told = _told_context(exc)
        return cls(
            timestamp=datetime.now(UTC).isoformat(),
            status=facts.http_status,
            error=reason_phrase(facts.http_status),
            message=public_message(exc),
            code=public_code(exc),
            path=path,
            trace_id=trace_id,
            span_id=span_id,
            transaction_id=transaction_id,
            category=facts.category,
            severity=facts.severity,
            retryable=facts.retryable,
            retry_after=_retry_after(exc),
            field_errors=[FieldError(fault["field"], fault["msg"]) for fault in faults],
            debug_info=told or None,
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
                {"field": error.field, "message": error.message, "rejected_value": _rejected(error)}
                for error in self.field_errors
            ]

        return body


def _told_context(exc: BaseException) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    if not isinstance(exc, PyFlyException) or exc.http_status >= 500 or not is_expected_error(exc):
        return [], {}

    from pyfly.kernel.faults import public_faults
    from pyfly.kernel.json_ready import json_ready

    faults = public_faults(exc)
    if faults is None:
        return [], json_ready(exc.context)

    fields = [fault for fault in faults if isinstance(fault, dict) and "field" in fault and "msg" in fault]
    others = [fault for fault in faults if fault not in fields]
    told = json_ready({key: value for key, value in exc.context.items() if key != "errors"})
    return fields, {**told, "errors": others} if others else told


def _retry_after(exc: BaseException) -> int | None:
    seconds = exc.context.get("retry_after") if isinstance(exc, PyFlyException) else None
    if isinstance(seconds, timedelta):
        seconds = seconds.total_seconds()

    if isinstance(seconds, float) and isfinite(seconds):
        seconds = ceil(seconds)

    return max(0, seconds) if isinstance(seconds, int) and not isinstance(seconds, bool) else None


def _rejected(error: FieldError) -> Any:
    from pyfly.kernel.json_ready import json_ready
    from pyfly.kernel.secret_names import HIDDEN, looks_secret

    value = error.rejected_value
    if value is None:
        return None

    shown = isinstance(value, str | int | float) or type(value).__module__ in _MODULES_OF_SCALARS
    return HIDDEN if looks_secret(error.field) or not shown else json_ready(value)

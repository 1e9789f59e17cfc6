# SPDX-License-Identifier: Apache-2.0
"""Errors as problem documents (RFC 9457)."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

from pyfly.container.exceptions import BeanCreationException
from pyfly.kernel.exceptions import PyFlyException, is_expected_error
from pyfly.kernel.types import ErrorCategory

PROBLEM_JSON: Final = "application/problem+json"
INTERNAL_ERROR: Final = "INTERNAL_ERROR"


class Problem:
    """What a client is told about a failed request.

    Attributes:
        status: The HTTP status.
        body: The members of the document, JSON-ready.
        headers: Further headers of the answer.
    """

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, body: dict[str, Any], headers: dict[str, str]) -> None:
        self.status = status
        self.body = body
        self.headers = headers


def problem_of(exc: Exception, *, path: str, request_id: str) -> Problem:
    """Describe an exception to the client.

    Facts of an exception (its ``context``) are told for errors that the client can mend. What comes from
    outside the framework's tree, and a failure to build a bean, is an internal error without any detail.

    Args:
        exc: The exception; foreign ones should have gone through the converters.
        path: Path of the request.
        request_id: Its id.
    """
    if not isinstance(exc, PyFlyException) or isinstance(exc, BeanCreationException):
        return plain_problem(500, "Internal server error", INTERNAL_ERROR, path=path, request_id=request_id)

    problem = plain_problem(
        exc.http_status,
        str(exc),
        exc.code or type(exc).__name__,
        path=path,
        request_id=request_id,
        category=exc.category,
        headers=_headers(exc),
    )
    if exc.context and is_expected_error(exc):
        faults = exc.context.get("errors")
        if isinstance(faults, list):
            problem.body["errors"] = [_fault(fault) for fault in faults]

        facts = {key: value for key, value in exc.context.items() if key != "errors"}
        if facts:
            problem.body["context"] = _json_safe(facts)

    return problem


def plain_problem(
    status: int,
    detail: str,
    code: str,
    *,
    path: str,
    request_id: str,
    category: ErrorCategory = ErrorCategory.TECHNICAL,
    headers: Mapping[str, str] | None = None,
) -> Problem:
    """Describe a failure that is known by its status and texts alone."""
    body = {
        "type": "about:blank",
        "title": reason_phrase(status),
        "status": status,
        "detail": detail,
        "instance": path,
        "code": code,
        "category": category.value,
        "timestamp": datetime.now(UTC).isoformat(),
        "requestId": request_id,
    }
    return Problem(status, body, dict(headers or {}))


def reason_phrase(status: int) -> str:
    """Return the registered phrase of a status, or ``"Error"`` for an unregistered one."""
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def status_code_name(status: int) -> str:
    """Return a status as an error code, such as ``NOT_FOUND`` for 404."""
    try:
        return HTTPStatus(status).name
    except ValueError:
        return f"HTTP_{status}"


def _headers(exc: PyFlyException) -> dict[str, str]:
    headers: dict[str, str] = {}
    retry_after = exc.context.get("retry_after")
    if isinstance(retry_after, int | float):
        headers["Retry-After"] = str(max(0, round(retry_after)))

    challenge = exc.context.get("www_authenticate")
    if exc.http_status == 401 and isinstance(challenge, str):
        headers["WWW-Authenticate"] = challenge

    allow = exc.context.get("allow")
    if exc.http_status == 405 and isinstance(allow, Iterable) and not isinstance(allow, str):
        headers["Allow"] = ", ".join(str(method) for method in allow)

    return headers


def _fault(fault: Any) -> Any:
    if not isinstance(fault, Mapping) or "loc" not in fault:
        return _json_safe(fault)

    # The rejected input may be a whole body with its secrets: it stays inside.
    told = {key: _json_safe(value) for key, value in fault.items() if key != "input"}
    told["field"] = ".".join(str(part) for part in fault["loc"])
    return told


def _json_safe(value: Any) -> Any:
    if value is None or isinstance(value, str | bool | int):
        return value

    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else str(value)

    if isinstance(value, Mapping):
        return {str(key): _json_safe(item) for key, item in value.items()}

    if isinstance(value, list | tuple):
        return [_json_safe(item) for item in value]

    return str(value)

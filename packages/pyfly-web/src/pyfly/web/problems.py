# SPDX-License-Identifier: Apache-2.0
"""Errors as problem documents (RFC 9457)."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any, Final

from pyfly.container.exceptions import BeanCreationException
from pyfly.kernel.disclosure import INTERNAL_ERROR, INTERNAL_ERROR_MESSAGE, reason_phrase
from pyfly.kernel.exceptions import PyFlyException, is_expected_error
from pyfly.kernel.faults import public_faults
from pyfly.kernel.json_ready import json_ready
from pyfly.kernel.types import ErrorCategory, ErrorResponse

__all__ = [
    "INTERNAL_ERROR",
    "PROBLEM_JSON",
    "Problem",
    "plain_problem",
    "problem_of",
    "reason_phrase",
    "status_code_name",
]

PROBLEM_JSON: Final = "application/problem+json"


class Problem:
    """What a client is told about a failed request.

    Attributes:
        status: The HTTP status.
        body: The members of the document, JSON-ready.
        headers: Further headers of the answer.
        media_type: The media type of the document.
    """

    __slots__ = ("body", "headers", "media_type", "status")

    def __init__(self, status: int, body: dict[str, Any], headers: dict[str, str]) -> None:
        self.status = status
        self.body = body
        self.headers = headers
        self.media_type = PROBLEM_JSON

    def as_envelope(self) -> "Problem":
        """Return the same facts as ``{"error": {...}}``, for clients that expect no problem documents."""
        body = self.body
        faults = body.get("errors")
        context = {**body.get("context", {}), **({} if faults is None else {"errors": faults})}
        error = {
            "message": body["detail"],
            "code": body["code"],
            "transaction_id": body.get("transactionId", body["requestId"]),
            "timestamp": body["timestamp"],
            "status": self.status,
            "path": body["instance"],
        }
        if context:
            error["context"] = context

        error.update({key: body[key] for key in ("exception", "trace") if key in body})
        envelope = Problem(self.status, {"error": error}, self.headers)
        envelope.media_type = "application/json"
        return envelope


def problem_of(exc: Exception, *, path: str, request_id: str) -> Problem:
    """Describe an exception to the client.

    The facts are those of `ErrorResponse.from_exception`: from status 500 on, nothing internal is told.
    Facts of the case (the ``context``) are told for errors that the client can mend. What comes from
    outside the framework's tree, and a failure to build a bean, is an internal error without any detail.

    Args:
        exc: The exception; foreign ones should have gone through the converters.
        path: Path of the request.
        request_id: Its id.
    """
    if not isinstance(exc, PyFlyException) or isinstance(exc, BeanCreationException):
        return plain_problem(500, INTERNAL_ERROR_MESSAGE, INTERNAL_ERROR, path=path, request_id=request_id)

    facts = ErrorResponse.from_exception(exc, path=path)
    problem = plain_problem(
        facts.status,
        facts.message,
        facts.code,
        path=path,
        request_id=request_id,
        category=facts.category,
        headers=_headers(exc, facts.retry_after),
    )
    if facts.status < 500 and is_expected_error(exc):
        faults = public_faults(exc)
        if faults is not None:
            problem.body["errors"] = faults

        told = {key: value for key, value in exc.context.items() if key != "errors" or faults is None}
        if told:
            problem.body["context"] = json_ready(told)

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


def status_code_name(status: int) -> str:
    """Return a status as an error code, such as ``NOT_FOUND`` for 404."""
    try:
        return HTTPStatus(status).name
    except ValueError:
        return f"HTTP_{status}"


def _headers(exc: PyFlyException, retry_after: int | None) -> dict[str, str]:
    headers: dict[str, str] = {}
    if retry_after is not None:
        headers["Retry-After"] = str(retry_after)

    challenge = exc.context.get("www_authenticate")
    if exc.http_status == 401 and isinstance(challenge, str):
        headers["WWW-Authenticate"] = challenge

    allow = exc.context.get("allow")
    if exc.http_status == 405 and isinstance(allow, Iterable) and not isinstance(allow, str):
        headers["Allow"] = ", ".join(str(method) for method in allow)

    return headers

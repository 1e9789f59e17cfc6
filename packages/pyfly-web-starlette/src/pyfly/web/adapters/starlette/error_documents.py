# SPDX-License-Identifier: Apache-2.0
"""The document that answers a failure for which nobody else has an answer."""

import logging
from collections.abc import Mapping
from traceback import format_exception

from pyfly.kernel.disclosure import public_text, reason_phrase
from pyfly.kernel.exceptions import CircuitBreakerException, PyFlyException
from pyfly.kernel.json_ready import json_ready
from pyfly.kernel.types import ErrorCategory
from pyfly.web.binding import Exchange
from pyfly.web.converters import ExceptionConverterService
from pyfly.web.problems import Problem, plain_problem, problem_of, status_code_name
from starlette.exceptions import HTTPException

logger = logging.getLogger("pyfly.web")


class ErrorDocuments:
    """Describe failures to clients, and log those that are faults of the inside.

    Args:
        converters: Translates foreign exceptions.
        debug: Whether unexpected errors are described with the exception and its traceback.
        problem_details: Whether problem documents are made; else ``{"error": {...}}``.
    """

    def __init__(
        self, converters: ExceptionConverterService, *, debug: bool = False, problem_details: bool = True
    ) -> None:
        self._converters = converters
        self._debug = debug
        self._problem_details = problem_details

    def translated(self, exc: Exception) -> PyFlyException | None:
        """Return one of our errors for a foreign one, if it has a translation."""
        # Of our own errors only one has a translation: an open circuit that was raised without a code.
        if isinstance(exc, PyFlyException) and (exc.code or not isinstance(exc, CircuitBreakerException)):
            return None

        return self._converters.convert(exc)

    def describe(self, exc: Exception, translated: PyFlyException | None, exchange: Exchange) -> Problem:
        """Describe a failure.

        Args:
            exc: The failure.
            translated: Its translation, if it has one.
            exchange: The request that failed.
        """
        scope = exchange.scope
        where = {"path": scope["path"], "request_id": exchange.request_id}
        if isinstance(exc, HTTPException):
            problem = _http_problem(exc, **where)
        else:
            problem = problem_of(translated or exc, **where)

        if exchange.transaction_id:
            problem.body["transactionId"] = exchange.transaction_id

        if problem.status >= 500:
            logger.error("%s %s failed with %d", scope["method"], scope["path"], problem.status, exc_info=exc)
            if self._debug:
                problem.body["exception"] = repr(exc)
                problem.body["trace"] = "".join(format_exception(exc)).splitlines()

        return problem if self._problem_details else problem.as_envelope()


def _http_problem(exc: HTTPException, *, path: str, request_id: str) -> Problem:
    status = exc.status_code
    # The detail is meant to be a text, and nothing in Starlette sees to it: FastAPI even allows anything.
    facts = None if isinstance(exc.detail, str) or exc.detail is None else exc.detail
    text = exc.detail if exc.detail and facts is None else reason_phrase(status)
    detail = text if status < 500 else public_text(text, status, raised=exc)
    problem = plain_problem(
        status,
        detail,
        status_code_name(status),
        path=path,
        request_id=request_id,
        category=ErrorCategory.RESOURCE if status == 404 else ErrorCategory.TECHNICAL,
        headers=exc.headers,
    )
    if facts is not None and status < 500:
        problem.body["context"] = json_ready(facts if isinstance(facts, Mapping) else {"detail": facts})

    return problem

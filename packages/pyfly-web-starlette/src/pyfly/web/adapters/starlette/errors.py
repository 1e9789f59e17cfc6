# SPDX-License-Identifier: Apache-2.0
"""Answers to errors as a handler of Starlette, for applications that are not made by `create_app`."""

from pyfly.web.adapters.starlette.error_documents import ErrorDocuments
from pyfly.web.binding import Exchange
from pyfly.web.converters import build_exception_converter_service
from pyfly.web.ids import id_reader
from starlette.requests import Request
from starlette.responses import JSONResponse


async def global_exception_handler(request: Request, exc: Exception) -> JSONResponse:
    """Answer any exception as an application of `create_app` does; for ``add_exception_handler``.

    Converters and the form of the answer are those of ``app.state``, if they are there.

    Args:
        request: The request that failed.
        exc: What it failed with.
    """
    state = getattr(request.scope.get("app"), "state", None)
    converters = getattr(state, "pyfly_exception_converter_service", None)
    documents = ErrorDocuments(
        converters or build_exception_converter_service(),
        problem_details=getattr(state, "pyfly_problem_details", True),
    )
    exchange = Exchange(request.scope, request.receive, None)
    left = request.scope.get("state") or {}
    exchange.transaction_id = left.get("transaction_id", "")
    exchange.request_id = left.get("request_id_header") or id_reader()(exchange.head.get(b"x-request-id"))
    problem = documents.describe(exc, documents.translated(exc), exchange)
    return JSONResponse(problem.body, problem.status, problem.headers, problem.media_type)

# SPDX-License-Identifier: Apache-2.0
"""What FastAPI finds wrong with a request, told as controllers tell it."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pyfly.web.adapters.fastapi.validation_converter import RequestValidationConverter
from pyfly.web.adapters.fastapi.validation_exception import request_validation_exception
from pyfly.web.adapters.starlette.errors import global_exception_handler
from pyfly.web.adapters.starlette.hosting import ControllerHost
from pyfly.web.converters import ExceptionConverterService, default_exception_converters


async def refuse_request(request: Request, exc: Exception) -> Response:
    """Raise the translation of a ``RequestValidationError``: the application answers it like any other.

    Raises:
        ValidationException: Always.
    """
    assert isinstance(exc, RequestValidationError)
    raise request_validation_exception(exc) from exc


def register_exception_handlers(app: FastAPI) -> None:
    """Let a FastAPI application that `create_app` has not made answer failed requests with problem documents.

    Args:
        app: The application; handlers that it has for ``RequestValidationError``, ``HTTPException`` and
            ``Exception`` are replaced. An application of `create_app` is left as it is.
    """
    if isinstance(app, ControllerHost):
        return

    converters = [RequestValidationConverter(), *default_exception_converters()]
    app.state.pyfly_exception_converter_service = ExceptionConverterService(converters)
    for kind in (RequestValidationError, HTTPException, Exception):
        app.add_exception_handler(kind, global_exception_handler)

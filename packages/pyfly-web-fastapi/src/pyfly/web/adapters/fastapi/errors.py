# SPDX-License-Identifier: Apache-2.0
"""What FastAPI finds wrong with a request, told as controllers tell it."""

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pyfly.kernel.exceptions import ValidationException
from pyfly.validation.errors import VALIDATION_ERROR
from pyfly.web.adapters.fastapi.validation_converter import RequestValidationConverter
from pyfly.web.adapters.starlette.errors import global_exception_handler
from pyfly.web.adapters.starlette.hosting import ControllerHost
from pyfly.web.converters import ExceptionConverterService, default_exception_converters


def request_validation_exception(error: RequestValidationError) -> ValidationException:
    """Turn what FastAPI found into the exception that a failed validation of a controller raises.

    Args:
        error: FastAPI's error.

    Returns:
        An exception whose ``context["errors"]`` tells ``type``, ``loc``, ``msg``, ``input`` and ``ctx``. As
        in controllers, a fault of the body is located in the body: ``["items", 0]``.
    """
    faults: list[dict[str, Any]] = []
    lines: list[str] = []
    for fault in error.errors():
        location = _location(fault)
        faults.append({**fault, "loc": location})
        lines.append(f"{'.'.join(str(part) for part in location)}: {fault['msg']}")

    return ValidationException(
        "Validation failed: " + "; ".join(lines), code=VALIDATION_ERROR, context={"errors": faults}
    )


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


def _location(fault: dict[str, Any]) -> tuple[int | str, ...]:
    first, *rest = fault["loc"]
    return tuple(rest) if first == "body" and rest and fault["type"] != "json_invalid" else (first, *rest)

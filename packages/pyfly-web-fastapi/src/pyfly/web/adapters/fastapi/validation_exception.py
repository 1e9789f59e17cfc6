# SPDX-License-Identifier: Apache-2.0
"""What FastAPI finds wrong with a request, as the exception of a failed validation."""

from typing import Any

from fastapi.exceptions import RequestValidationError
from pyfly.kernel.exceptions import ValidationException
from pyfly.validation.errors import VALIDATION_ERROR


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


def _location(fault: dict[str, Any]) -> tuple[int | str, ...]:
    first, *rest = fault["loc"]
    return tuple(rest) if first == "body" and rest and fault["type"] != "json_invalid" else (first, *rest)

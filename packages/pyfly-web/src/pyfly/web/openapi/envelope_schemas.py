# SPDX-License-Identifier: Apache-2.0
"""What error answers look like where they are no problem documents: ``{"error": {...}}``."""

from typing import Any

from pydantic import BaseModel, Field

from pyfly.web.openapi.problem_schemas import ValidationError, without_default


class ErrorFacts(BaseModel):
    """What went wrong."""

    message: str = Field(description="What went wrong, for people.")
    code: str = Field(description="What went wrong, for programs.", examples=["ORDER_NOT_FOUND"])
    transaction_id: str = Field(description="The request in the logs of the service.")
    timestamp: str = Field(description="When it happened.", json_schema_extra={"format": "date-time"})
    status: int = Field(description="The HTTP status.")
    path: str = Field(description="The path of the request.")


class ErrorDetail(ErrorFacts):
    """What went wrong, with facts of the case."""

    context: dict[str, Any] = Field({}, description="Facts of the case.", json_schema_extra=without_default)


class ErrorEnvelope(BaseModel):
    """An error answer."""

    error: ErrorDetail


class ValidationContext(BaseModel):
    """The faults of the input."""

    errors: list[ValidationError]


class ValidationDetail(ErrorFacts):
    """Input that breaks rules."""

    context: ValidationContext


class HTTPValidationError(BaseModel):
    """The answer to input that breaks rules."""

    error: ValidationDetail

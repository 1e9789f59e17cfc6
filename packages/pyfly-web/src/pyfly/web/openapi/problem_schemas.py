# SPDX-License-Identifier: Apache-2.0
"""What error answers look like, for their schemas: problem documents (RFC 9457)."""

from typing import Any

from pydantic import BaseModel, Field


def without_default(schema: dict[str, Any]) -> None:
    """Take the default out of a schema: what is absent from an answer has no value at all."""
    schema.pop("default", None)


class ValidationError(BaseModel):
    """One fault of the input."""

    type: str = Field(description="What kind of fault it is.", examples=["missing"])
    loc: list[str | int] = Field(description="Where the fault is, outermost part first.")
    msg: str = Field(description="What is wrong, for people.")
    field: str = Field(description="Where the fault is, with dots between the parts.")


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = Field(description="Names the kind of problem.", examples=["about:blank"])
    title: str = Field(description="The reason phrase of the status.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What went wrong, for people.")
    instance: str = Field(description="The path of the request.")
    code: str = Field(description="What went wrong, for programs.", examples=["ORDER_NOT_FOUND"])
    category: str = Field(description="The family of the error.")
    timestamp: str = Field(description="When it happened.", json_schema_extra={"format": "date-time"})
    requestId: str = Field(title="Request Id", description="The request in the logs of the service.")
    transactionId: str = Field(
        "",
        title="Transaction Id",
        description="The unit of work in the logs of the service.",
        json_schema_extra=without_default,
    )
    context: dict[str, Any] = Field({}, description="Facts of the case.", json_schema_extra=without_default)


class HTTPValidationError(Problem):
    """Input that breaks rules: a problem document with the faults."""

    errors: list[ValidationError] = Field(description="The faults.")

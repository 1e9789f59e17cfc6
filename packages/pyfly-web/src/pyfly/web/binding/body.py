# SPDX-License-Identifier: Apache-2.0
"""Conversion of request bodies."""

import json
from collections.abc import Callable
from typing import Any

from pydantic import TypeAdapter, ValidationError

from pyfly.kernel.exceptions import (
    InvalidRequestException,
    PyFlyException,
    UnsupportedMediaTypeException,
)
from pyfly.validation.errors import validation_exception
from pyfly.web.binding.exchange import Exchange
from pyfly.web.binding.types import admits_none, bare, without_none


def body_binder(hint: Any, default: Any, *, has_default: bool, validate: bool) -> Callable[[Exchange], Any]:
    """Build the reading of a body.

    Args:
        hint: The type: ``str`` takes the text, ``bytes`` the raw content, anything else JSON.
        default: Value for an empty body.
        has_default: Whether there is such a value.
        validate: Whether faults are raised as `ValidationException`; else pydantic's own exception is.
    """
    decode = _decoder(hint, validate)
    takes_empty = without_none(bare(hint)) in (str, bytes)

    def bind(exchange: Exchange) -> Any:
        if not exchange.body:
            if has_default:
                return default

            if not takes_empty:
                if admits_none(hint):
                    return None

                raise InvalidRequestException(
                    "Missing required request body", code="MISSING_BODY", context={"location": "body"}
                )

        return decode(exchange)

    return bind


def _decoder(hint: Any, validate: bool) -> Callable[[Exchange], Any]:
    target = without_none(bare(hint))
    constrained = bare(hint) is not hint
    check = TypeAdapter(hint).validator.validate_python if constrained else None
    if target is bytes:
        return _checked(lambda exchange: exchange.body, check, validate)

    if target is str:
        return _checked(_text, check, validate)

    return _json_decoder(hint, validate)


def _checked(
    read: Callable[[Exchange], Any], check: Callable[[Any], Any] | None, validate: bool
) -> Callable[[Exchange], Any]:
    if check is None:
        return read

    def decode(exchange: Exchange) -> Any:
        try:
            return check(read(exchange))
        except ValidationError as error:
            if validate:
                raise validation_exception(error) from error

            raise

    return decode


def _json_decoder(hint: Any, validate: bool) -> Callable[[Exchange], Any]:
    parse = TypeAdapter(hint).validator.validate_json

    def decode(exchange: Exchange) -> Any:
        content_type = exchange.header(b"content-type")
        if content_type is not None and content_type != "application/json" and not _is_json(content_type):
            raise UnsupportedMediaTypeException(
                f"Cannot read a body of type '{content_type[:100]}'; send application/json",
                code="UNSUPPORTED_MEDIA_TYPE",
            )

        try:
            return parse(exchange.body)
        except ValidationError as error:
            broken = _syntax_error(error, exchange.body)
            if broken is not None:
                raise broken from error

            if validate:
                raise validation_exception(error) from error

            raise

    return decode


def _is_json(content_type: str) -> bool:
    media_type = content_type.partition(";")[0].strip().lower()
    return media_type == "application/json" or media_type.endswith("+json")


def _syntax_error(error: ValidationError, body: bytes) -> PyFlyException | None:
    faults = error.errors(include_url=False, include_input=False)
    if len(faults) != 1 or faults[0]["type"] != "json_invalid" or faults[0]["loc"]:
        return None

    try:
        json.loads(body)
    except json.JSONDecodeError as cause:
        return InvalidRequestException(
            f"Invalid JSON: {cause.msg}", code="INVALID_JSON", context={"position": cause.pos}
        )
    except (UnicodeDecodeError, RecursionError):
        return InvalidRequestException(f"{faults[0]['msg']}", code="INVALID_JSON")

    return InvalidRequestException(f"{faults[0]['msg']}", code="INVALID_JSON")


def _text(exchange: Exchange) -> str:
    try:
        return str(exchange.body, "utf-8")
    except UnicodeDecodeError as error:
        raise InvalidRequestException(
            "The body is not UTF-8 text", code="INVALID_TEXT", context={"position": error.start}
        ) from error

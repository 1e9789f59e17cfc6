# SPDX-License-Identifier: Apache-2.0
"""Conversion of request bodies."""

from collections.abc import Callable
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from pyfly.kernel.exceptions import InvalidRequestException, UnsupportedMediaTypeException
from pyfly.validation.errors import validation_exception
from pyfly.web.binding.exchange import Exchange
from pyfly.web.conversion import BodyConversion
from pyfly.web.message_converters.json_syntax import json_syntax_error
from pyfly.web.type_forms import admits_none, bare, without_none

Bind = Callable[[Exchange], Any]

_SHOWN_LENGTH: Final = 100


def body_binder(
    hint: Any,
    default: Any,
    *,
    has_default: bool,
    validate: bool,
    conversion: BodyConversion | None = None,
) -> Bind:
    """Build the reading of a body.

    Args:
        hint: The type: ``str`` takes the text, ``bytes`` the raw content, anything else what a message
            converter makes of it.
        default: Value for an empty body.
        has_default: Whether there is such a value.
        validate: Whether faults are raised as `ValidationException`; else pydantic's own exception is.
        conversion: How bodies are read; JSON and XML if not given.
    """
    decode = _decoder(hint, validate, conversion)
    takes_empty = without_none(bare(hint)) in (str, bytes)
    is_optional = has_default or admits_none(hint)
    nothing = default if has_default else None

    def bind(exchange: Exchange) -> Any:
        if b"content-encoding" in exchange.head:
            _refuse_encoded(exchange)

        if exchange.body or (takes_empty and not has_default):
            return decode(exchange)

        if is_optional:
            return nothing

        raise InvalidRequestException(
            "Missing required request body", code="MISSING_BODY", context={"location": "body"}
        )

    return bind


def _refuse_encoded(exchange: Exchange) -> None:
    # Nothing is decompressed: a few bytes could become more than any limit allows.
    named = ",".join(exchange.headers(b"content-encoding"))
    encodings = [encoding for encoding in named.replace(",", " ").split() if encoding.lower() != "identity"]
    if encodings:
        raise UnsupportedMediaTypeException(
            f"Cannot read a body encoded as '{' '.join(encodings)[:_SHOWN_LENGTH]}'; send it plain",
            code="UNSUPPORTED_CONTENT_ENCODING",
        )


def _decoder(hint: Any, validate: bool, conversion: BodyConversion | None) -> Bind:
    target = without_none(bare(hint))
    if target is not bytes and target is not str:
        return _converted(hint, validate, conversion or BodyConversion.of(None))

    read: Bind = _text if target is str else _content
    if bare(hint) is hint:
        return read

    check = TypeAdapter(hint).validator.validate_python

    def decode(exchange: Exchange) -> Any:
        try:
            return check(read(exchange))
        except ValidationError as error:
            if validate:
                raise validation_exception(error) from error

            raise

    return decode


def _converted(hint: Any, validate: bool, conversion: BodyConversion) -> Bind:
    reader = conversion.reader(hint)
    known, choose = reader.known, reader.choose

    def decode(exchange: Exchange) -> Any:
        content_type = exchange.head.get(b"content-type")
        read = known.get(content_type) or choose(content_type)
        try:
            return read(exchange.body)
        except ValidationError as error:
            broken = json_syntax_error(error, exchange.body)
            if broken is not None:
                raise broken from error

            if validate:
                raise validation_exception(error) from error

            raise

    return decode


def _content(exchange: Exchange) -> bytes:
    return exchange.body


def _text(exchange: Exchange) -> str:
    try:
        return str(exchange.body, "utf-8")
    except UnicodeDecodeError as error:
        raise InvalidRequestException(
            "The body is not UTF-8 text", code="INVALID_TEXT", context={"position": error.start}
        ) from error

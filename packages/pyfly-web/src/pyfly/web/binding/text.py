# SPDX-License-Identifier: Apache-2.0
"""Conversion of text from paths, queries, headers and cookies."""

import re
from collections.abc import Callable
from datetime import date, datetime
from enum import Enum
from typing import Any, Final, Literal, get_args, get_origin

from pydantic import TypeAdapter, ValidationError

from pyfly.kernel.exceptions import InvalidRequestException, PyFlyException
from pyfly.validation.errors import validation_exception
from pyfly.web.binding.commas import comma_parts, is_comma_separated
from pyfly.web.type_forms import admits_none, bare, element_type, shown, without_none

TextConverter = Callable[[str], Any]
ListConverter = Callable[[list[str]], Any]

_SHOWN_LENGTH: Final = 100
_NUMBER: Final = re.compile(r"\s*[+-]?[0-9.]+\s*")
_CONSTRAINTS: Final = frozenset(
    {
        "assertion_error",
        "bytes_too_long",
        "bytes_too_short",
        "date_future",
        "date_past",
        "datetime_future",
        "datetime_past",
        "decimal_max_digits",
        "decimal_max_places",
        "decimal_whole_digits",
        "finite_number",
        "greater_than",
        "greater_than_equal",
        "less_than",
        "less_than_equal",
        "multiple_of",
        "string_not_ascii",
        "string_pattern_mismatch",
        "string_too_long",
        "string_too_short",
        "timezone_aware",
        "timezone_naive",
        "timezone_offset",
        "too_long",
        "too_short",
        "url_scheme",
        "url_too_long",
        "uuid_version",
        "value_error",
    }
)


def text_converter(hint: Any, location: str, name: str) -> TextConverter:
    """Build the conversion of one text.

    Args:
        hint: The type, with constraints.
        location: ``path``, ``query``, ``header`` or ``cookie``.
        name: Name under which the text is looked up.

    Returns:
        A function that raises `InvalidRequestException` for text that is no value of the type, and
        `ValidationException` for a value that breaks a constraint.
    """
    convert = _unconstrained(hint, location, name) if bare(hint) is hint else None
    if convert is None:
        convert = _by_adapter(hint, location, name)

    if without_none(bare(hint)) in (date, datetime):
        convert = _unless_number(convert, hint, location, name)

    return _unless_empty(convert) if empty_is_none(hint) else convert


def empty_is_none(hint: Any) -> bool:
    """Tell whether empty text stands for ``None``: the type admits it, and has no use for empty text."""
    return admits_none(hint) and not _takes_any_text(hint)


def list_converter(hint: Any, location: str, name: str) -> ListConverter:
    """Build the conversion of all the texts that were sent under a name; see `text_converter`."""
    validate = TypeAdapter(hint).validator.validate_python
    is_separated = is_comma_separated(hint)

    def convert(texts: list[str]) -> Any:
        if is_separated:
            texts = comma_parts(texts)

        try:
            return validate(texts)
        except ValidationError as error:
            raise _refusal(error, texts, element_type(hint), location, name) from error

    return convert


def _unconstrained(hint: Any, location: str, name: str) -> TextConverter | None:
    target = without_none(hint)
    if target in (str, Any, object):
        return _identity

    if target is int:
        return _integer(_by_adapter(int, location, name))

    if target is float:
        return _number(_by_adapter(float, location, name))

    if isinstance(target, type) and issubclass(target, Enum):
        return _by_value(
            {str(member.value): member for member in target}, _by_adapter(target, location, name)
        )

    if get_origin(target) is Literal:
        return _by_value(
            {str(value): value for value in get_args(target)}, _by_adapter(target, location, name)
        )

    return None


def _identity(text: str) -> str:
    return text


def _integer(otherwise: TextConverter) -> TextConverter:
    def convert(text: str) -> Any:
        if text.isascii() and text.isdigit() and len(text) < 20:
            return int(text)

        return otherwise(text)

    return convert


def _number(otherwise: TextConverter) -> TextConverter:
    def convert(text: str) -> Any:
        try:
            return float(text)
        except ValueError:
            return otherwise(text)

    return convert


def _by_value(values: dict[str, Any], otherwise: TextConverter) -> TextConverter:
    def convert(text: str) -> Any:
        return values[text] if text in values else otherwise(text)

    return convert


def _unless_empty(convert: TextConverter) -> TextConverter:
    return lambda text: convert(text) if text else None


def _unless_number(convert: TextConverter, hint: Any, location: str, name: str) -> TextConverter:
    # pydantic takes a bare number for seconds since 1970; whoever writes ?day=20 means something else.
    def convert_day(text: str) -> Any:
        if _NUMBER.fullmatch(text):
            raise _unreadable(text, hint, location, name)

        return convert(text)

    return convert_day


def _by_adapter(hint: Any, location: str, name: str) -> TextConverter:
    validate = TypeAdapter(hint).validator.validate_strings

    def convert(text: str) -> Any:
        try:
            return validate(text)  # type: ignore[arg-type]  # its stub leaves out that a lone text is legal
        except ValidationError as error:
            raise _refusal(error, text, hint, location, name) from error

    return convert


def _takes_any_text(hint: Any) -> bool:
    target = without_none(bare(hint))
    return target in (str, bytes, Any, object) or str in get_args(target)


def _refusal(
    error: ValidationError, given: str | list[str], hint: Any, location: str, name: str
) -> PyFlyException:
    faults = error.errors(include_url=False, include_context=False)
    unconverted = [
        fault for fault in faults if fault["type"] not in _CONSTRAINTS and _is_builtin(fault["type"])
    ]
    if not unconverted:
        return validation_exception(error, at=(location, name))

    text = str(unconverted[0]["input"]) if isinstance(given, list) else given
    return _unreadable(text, hint, location, name)


def _unreadable(text: str, hint: Any, location: str, name: str) -> InvalidRequestException:
    return InvalidRequestException(
        f"Cannot convert '{text[:_SHOWN_LENGTH]}' to {shown(hint)}",
        code="TYPE_CONVERSION_ERROR",
        context={"parameter": name, "location": location},
    )


def _is_builtin(fault_type: str) -> bool:
    # What a user's validator reports under a type of its own is a broken rule, not unreadable text.
    from pydantic_core import core_schema

    return fault_type in get_args(core_schema.ErrorType)

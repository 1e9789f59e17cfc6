# SPDX-License-Identifier: Apache-2.0
"""How configured text becomes a truth value or a duration; the same everywhere in the framework."""

import re
from datetime import timedelta

__all__ = ["parse_bool", "parse_duration"]

_TRUE = frozenset({"true", "1", "yes", "on"})
_FALSE = frozenset({"false", "0", "no", "off"})

_NUMBER = r"\d+(?:\.\d+)?"
_PLAIN = re.compile(rf"[+-]?{_NUMBER}(?:[eE][+-]?\d+)?")
_UNITS = re.compile(rf"([+-]?)((?:{_NUMBER}\s*(?:us|ms|s|m|h|d|w)\s*)+)", re.IGNORECASE)
_AMOUNT = re.compile(rf"({_NUMBER})\s*(us|ms|s|m|h|d|w)", re.IGNORECASE)
_ISO = re.compile(
    rf"([+-]?)P(?=.)(?:({_NUMBER})W)?(?:({_NUMBER})D)?"
    rf"(?:T(?=.)(?:({_NUMBER})H)?(?:({_NUMBER})M)?(?:({_NUMBER})S)?)?",
    re.IGNORECASE,
)
_SECONDS = {"us": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_ISO_UNITS = ("w", "d", "h", "m", "s")


def parse_bool(text: str) -> bool:
    """Read ``true``, ``1``, ``yes``, ``on`` and their opposites, in any case, blanks around them ignored.

    Raises:
        ValueError: If the text is none of these.
    """
    word = text.strip().lower()
    if word in _TRUE:
        return True

    if word in _FALSE:
        return False

    raise ValueError(f"expected true or false, got {text!r}")


def parse_duration(value: str | int | float | timedelta) -> timedelta:
    """Read a duration: a number of seconds, amounts with units such as ``1h30m`` or ``250ms``, or ISO-8601.

    Units are ``us``, ``ms``, ``s``, ``m`` (minutes), ``h``, ``d`` and ``w``; ISO-8601 is read without years
    and months, whose length is not fixed.

    Raises:
        ValueError: If the text is none of these, or the duration is out of range.
    """
    if isinstance(value, timedelta):
        return value

    try:
        return timedelta(seconds=float(value) if not isinstance(value, str) else _seconds(value.strip()))
    except OverflowError:
        raise ValueError(f"duration out of range: {value!r}") from None


def _seconds(text: str) -> float:
    if _PLAIN.fullmatch(text):
        return float(text)

    if found := _UNITS.fullmatch(text):
        total = sum(float(amount) * _SECONDS[unit.lower()] for amount, unit in _AMOUNT.findall(found[2]))
        return -total if found[1] == "-" else total

    if found := _ISO.fullmatch(text):
        amounts = zip(_ISO_UNITS, found.groups()[1:], strict=True)
        total = sum(float(amount) * _SECONDS[unit] for unit, amount in amounts if amount)
        return -total if found[1] == "-" else total

    raise ValueError(f"expected a duration such as 30s, 1h30m or PT30S, got {text!r}")

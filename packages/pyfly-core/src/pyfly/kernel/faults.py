# SPDX-License-Identifier: Apache-2.0
"""Faults of the input, in the shape of pydantic, as a caller may see them."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pyfly.kernel.exceptions import PyFlyException
from pyfly.kernel.json_ready import json_ready
from pyfly.kernel.secret_names import HIDDEN, looks_secret

__all__ = ["public_faults", "without_rejected_input"]

_TOLD: Final = ("type", "loc", "msg")
_SHORTEST: Final = 3
_MOST_VALUES: Final = 64


def public_faults(exc: BaseException) -> list[Any] | None:
    """Return the faults that an error keeps in the list ``errors`` of its context, without rejected input.

    Of a fault in the shape of pydantic, ``type``, ``loc`` and ``msg`` remain, and ``field`` is added: the
    location with dots. Its ``input``, ``ctx`` and ``url`` stay inside, and where the message repeats the
    rejected text, or a rejected value of a field that looks like a secret's, it reads ``******``. Faults
    of any other shape are made ready for JSON and told whole.

    Returns:
        The faults, ready for JSON, or ``None`` when the error keeps none.
    """
    faults = exc.context.get("errors") if isinstance(exc, PyFlyException) else None
    return [_public(fault) for fault in faults] if isinstance(faults, list) else None


def without_rejected_input(message: str, exc: PyFlyException) -> str:
    """Return the message of an error, which may join those of its faults, without the rejected input.

    Args:
        message: The message.
        exc: The error that keeps the faults.
    """
    faults = exc.context.get("errors")
    for fault in faults if isinstance(faults, list) else ():
        if _is_fault(fault):
            said, told = str(fault["msg"]), _message(fault)
            if told != said:
                message = message.replace(said, told)

    return message


def _is_fault(fault: object) -> bool:
    return isinstance(fault, Mapping) and "msg" in fault and isinstance(fault.get("loc"), list | tuple)


def _public(fault: Any) -> Any:
    if not _is_fault(fault):
        told = json_ready(fault)
        return (
            {key: value for key, value in told.items() if key != "input"} if isinstance(told, dict) else told
        )

    known = {key: json_ready(fault[key]) for key in _TOLD if key in fault}
    return {**known, "msg": _message(fault), "field": _field(fault)}


def _field(fault: Mapping[str, Any]) -> str:
    return ".".join(str(part) for part in fault["loc"])


def _message(fault: Mapping[str, Any]) -> str:
    message = str(fault["msg"])
    hidden = {*_rejected(fault.get("input"), looks_secret(_field(fault))), *_tags(fault)}
    for value in sorted(hidden, key=len, reverse=True):
        if value in message:
            message = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", HIDDEN, message)

    return message


def _tags(fault: Mapping[str, Any]) -> Iterator[str]:
    context = fault.get("ctx")
    tag = context.get("tag") if isinstance(context, Mapping) else None
    if isinstance(tag, str) and tag:
        yield tag


def _rejected(value: Any, secret: bool) -> Iterator[str]:
    if isinstance(value, str):
        if value and (secret or len(value) >= _SHORTEST):
            yield value
    elif isinstance(value, Mapping):
        # The input of a whole model: its harmless values may well be part of a message.
        for name, item in list(value.items())[:_MOST_VALUES]:
            if secret or looks_secret(str(name)):
                yield from _rejected(str(item), secret=True)
    elif secret and value is not None:
        yield from _rejected(str(value), secret=True)

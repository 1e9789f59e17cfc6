# SPDX-License-Identifier: Apache-2.0
"""The one shape in which a failed validation is reported."""

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError

from pyfly.kernel.exceptions import ValidationException

VALIDATION_ERROR = "VALIDATION_ERROR"


def validation_exception(
    error: ValidationError, *, at: tuple[str, ...] = (), names: Sequence[str] = ()
) -> ValidationException:
    """Turn what pydantic found into a `ValidationException`.

    Args:
        error: The failed validation.
        at: Where the validated value came from, put before each location: ``("query", "page")``.
        names: Names of the parameters, if arguments were validated: they stand for the positions.

    Returns:
        An exception whose ``context["errors"]`` tells ``type``, ``loc``, ``msg``, ``input`` and ``ctx``.
    """
    faults: list[dict[str, Any]] = []
    lines: list[str] = []
    for fault in error.errors(include_url=False):
        location = (*at, *_named(fault["loc"], names))
        faults.append({**fault, "loc": location})
        lines.append(f"{'.'.join(str(part) for part in location)}: {fault['msg']}")

    return ValidationException(
        "Validation failed: " + "; ".join(lines), code=VALIDATION_ERROR, context={"errors": faults}
    )


def _named(location: tuple[int | str, ...], names: Sequence[str]) -> tuple[int | str, ...]:
    first = location[0] if location else None
    return (names[first], *location[1:]) if isinstance(first, int) and first < len(names) else location

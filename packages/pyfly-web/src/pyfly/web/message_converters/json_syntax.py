# SPDX-License-Identifier: Apache-2.0
"""Broken JSON, told apart from JSON that says the wrong thing."""

import json

from pydantic import ValidationError

from pyfly.kernel.exceptions import InvalidRequestException, PyFlyException


def json_syntax_error(error: ValidationError, body: bytes) -> PyFlyException | None:
    """Return what to tell about a body that is no JSON, or ``None`` if it is some other fault.

    Args:
        error: The failed validation.
        body: The content that was read.
    """
    faults = error.errors(include_url=False, include_input=False)
    if len(faults) != 1 or faults[0]["type"] != "json_invalid" or faults[0]["loc"]:
        return None

    try:
        json.loads(body)
    except json.JSONDecodeError as cause:
        return InvalidRequestException(
            f"Invalid JSON: {cause.msg}", code="INVALID_JSON", context={"position": cause.pos}
        )
    except (ValueError, RecursionError):
        pass  # the standard library stumbles over something else; pydantic's words stand

    return InvalidRequestException(str(faults[0]["msg"]), code="INVALID_JSON")

# SPDX-License-Identifier: Apache-2.0
"""A value of the configuration in one cell of a table."""

import json


def value_text(value: object) -> str:
    """Return text as it is, anything else as JSON: ``true``, ``null``, ``["a", "b"]``."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)

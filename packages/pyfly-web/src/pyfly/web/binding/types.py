# SPDX-License-Identifier: Apache-2.0
"""Questions about the types of parameters, asked when routes are compiled."""

from pyfly.web.type_forms import (
    admits_none,
    bare,
    element_type,
    is_structured,
    members,
    model_type,
    shown,
    without_none,
)

__all__ = [
    "admits_none",
    "bare",
    "element_type",
    "is_structured",
    "members",
    "model_type",
    "shown",
    "without_none",
]

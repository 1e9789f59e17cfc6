# SPDX-License-Identifier: Apache-2.0
"""The paths that requests may have over HTTP/2 and HTTP/3."""

import re
from typing import Final

__all__ = ["is_target"]

_TARGET: Final = re.compile(rb"\*|/[\x21\x22\x24-\x7e]*")
"""No fragment, no blanks, nothing beyond ASCII (RFC 9113, 8.3.1)."""


def is_target(path: bytes) -> bool:
    """Tell whether a ``:path`` is one."""
    return _TARGET.fullmatch(path) is not None

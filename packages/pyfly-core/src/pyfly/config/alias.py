# SPDX-License-Identifier: Apache-2.0
"""Other names of a key."""

from typing import NamedTuple

__all__ = ["Alias"]


class Alias(NamedTuple):
    """Say that a setting is also read under another key: ``Annotated[int, Alias("pyfly.web.port")]``.

    It documents the key and makes it a known one; reading it is up to the code that reads the setting.

    Attributes:
        key: The other key, whole and dotted.
        deprecated: Whether the key is only kept for configurations that exist.
    """

    key: str
    deprecated: bool = False

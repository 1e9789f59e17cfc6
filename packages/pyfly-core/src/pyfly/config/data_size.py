# SPDX-License-Identifier: Apache-2.0
"""Amounts of data, counted in bytes and written as ``10MB``."""

import re
from typing import Any

__all__ = ["DataSize", "parse_data_size"]

_UNITS = ("B", "KB", "MB", "GB", "TB")
_SIZE = re.compile(r"(\d{1,30})(?:\.(\d{1,30}))?\s*(?:([KMGT])(?:I?B)?|B)?", re.IGNORECASE)


class DataSize(int):
    """An amount of data in bytes; arithmetic gives plain integers.

    ``str()`` is the shortest whole amount of a unit, which reads back as the same size: ``10MB``, ``1536B``.

    Args:
        size: Number of bytes, not negative.

    Raises:
        ValueError: If the number is negative.
    """

    __slots__ = ()

    def __new__(cls, size: int = 0) -> "DataSize":
        if size < 0:
            raise ValueError(f"expected a data size of at least 0B, got {int(size)}")

        return super().__new__(cls, size)

    def __repr__(self) -> str:
        return f"DataSize({int(self)})"

    def __str__(self) -> str:
        power = len(_UNITS) - 1 if self else 0
        while self % 1024**power:
            power -= 1

        return f"{self // 1024**power}{_UNITS[power]}"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        # Only a model asks for this, and then pydantic is there.
        from pydantic_core import core_schema

        plain = core_schema.union_schema([core_schema.int_schema(), core_schema.str_schema()])
        return core_schema.no_info_after_validator_function(parse_data_size, plain)


def parse_data_size(value: str | int) -> DataSize:
    """Read a data size: a number of bytes, or an amount with a unit, such as ``10MB`` or ``1.5 GiB``.

    Units are ``B``, ``KB``, ``MB``, ``GB`` and ``TB``, also written ``K`` or ``KiB``, in any case. Each is
    1024 times the one before. Fractions of a byte are dropped; a number without a unit has none.

    Raises:
        ValueError: If the text is none of these, or the size is negative.
    """
    if not isinstance(value, str):
        return DataSize(value)

    found = _SIZE.fullmatch(value.strip())
    if found is None or (found[2] and not found[3]):
        raise ValueError(f"expected a data size such as 10MB, 512KB or a number of bytes, got {value!r}")

    whole, decimals, unit = found[1], found[2] or "", found[3] or "B"
    bytes_per_unit = 1024 ** "BKMGT".index(unit.upper())
    return DataSize(int(whole + decimals) * bytes_per_unit // 10 ** len(decimals))

# SPDX-License-Identifier: Apache-2.0
"""A check of numbers as metadata of an ``Annotated`` type."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

from pyfly.validation.domain._rule import Rule


@dataclass(frozen=True, slots=True)
class NumberRule(Rule):
    """A check of what comes in, before pydantic converts it: the conversion would let more pass.

    In strict models JSON has no decimal numbers of its own: there numbers and texts stand for them.
    """

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        number = handler(source)
        return core_schema.json_or_python_schema(
            core_schema.no_info_before_validator_function(
                self._read if source is Decimal else self.checked, number
            ),
            core_schema.no_info_before_validator_function(self.checked, number),
        )

    def _read(self, value: Any) -> Decimal:
        return Decimal(str(self.checked(value)))

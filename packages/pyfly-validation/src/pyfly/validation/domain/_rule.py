# SPDX-License-Identifier: Apache-2.0
"""A check as metadata of an ``Annotated`` type: run by pydantic, told by the JSON schema."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, SecretStr
from pydantic_core import CoreSchema, PydanticCustomError, core_schema


@dataclass(frozen=True, slots=True)
class Rule:
    """A check for ``Annotated[T, rule]``.

    A text is checked after pydantic has made sure that it is one; of a `SecretStr` the secret is checked.
    The value itself stays as it came.

    Attributes:
        accepts: The check.
        code: The ``type`` of the fault.
        message: The ``msg`` of the fault.
        schema: Keywords of JSON Schema that describe the values.
    """

    accepts: Callable[[object], bool]
    code: str
    message: str
    schema: Mapping[str, Any] = field(hash=False)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(self.checked, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(schema), **self.schema}

    def checked(self, value: Any) -> Any:
        """Return a value that passed the check, else raise what pydantic turns into a fault."""
        plain = value.get_secret_value() if isinstance(value, SecretStr) else value
        if not self.accepts(plain):
            raise PydanticCustomError(self.code, self.message)

        return value

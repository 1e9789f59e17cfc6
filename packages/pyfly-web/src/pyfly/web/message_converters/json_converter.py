# SPDX-License-Identifier: Apache-2.0
"""Bodies and answers in JSON."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from pydantic import TypeAdapter, ValidationError

from pyfly.web.json import PyFlyJsonSerializer
from pyfly.web.message_converters.accept import JSON
from pyfly.web.message_converters.converter import MessageConverter
from pyfly.web.message_converters.json_syntax import json_syntax_error


class JsonMessageConverter(MessageConverter):
    """Read and write ``application/json``; types with ``+json`` are read too.

    Args:
        serializer: Writes the answers; one with default settings if not given.
        fail_on_unknown: Whether a field that the type does not have is a fault, at any depth.
    """

    media_types: ClassVar[tuple[str, ...]] = (JSON,)
    suffix: ClassVar[str] = "json"

    def __init__(
        self, serializer: PyFlyJsonSerializer | None = None, *, fail_on_unknown: bool = False
    ) -> None:
        self.serializer = serializer or PyFlyJsonSerializer()
        self._fail_on_unknown = fail_on_unknown

    def read(self, body: bytes, target_type: Any) -> Any:
        if not body:
            return None

        try:
            return self.reader(target_type)(body)
        except ValidationError as error:
            broken = json_syntax_error(error, body)
            if broken is None:
                raise

            raise broken from error

    def reader(self, target_type: Any) -> Callable[[bytes], Any]:
        """Compile the reading of one type.

        Returns:
            A function that raises pydantic's ``ValidationError`` for any body that it cannot read.
        """
        validate = TypeAdapter(target_type).validator.validate_json
        return partial(validate, extra="forbid") if self._fail_on_unknown else validate

    def write(self, value: Any) -> tuple[bytes, str]:
        return self.serializer.encode(value), JSON

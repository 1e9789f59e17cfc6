# SPDX-License-Identifier: Apache-2.0
"""The serializer of one application."""

from typing import Any

from pydantic_core import PydanticSerializationError, from_json

from pyfly.web.json.encoding import Encoder, json_encoder, typed_encoder
from pyfly.web.json.properties import JsonProperties
from pyfly.web.json.registry import JsonSerializers
from pyfly.web.json.simplification import Simplifier


class PyFlyJsonSerializer:
    """Write values as JSON: by the settings, and by registered encoders.

    Args:
        properties: The settings; defaults if not given.
        registry: Encoders for further types; those that are registered later count too.

    Attributes:
        encode: Turns any value into compact UTF-8; NaN and the infinities become ``null``. It raises
            ``PydanticSerializationError`` for what has no form in JSON.
    """

    def __init__(
        self, properties: JsonProperties | None = None, registry: JsonSerializers | None = None
    ) -> None:
        self._properties = properties or JsonProperties()
        self._registry = registry
        self._simplifier = Simplifier(self._properties, registry)
        self.encode: Encoder = json_encoder(self._properties, registry)

    @property
    def properties(self) -> JsonProperties:
        """The settings."""
        return self._properties

    def encoder_for(self, hint: Any) -> Encoder:
        """Compile `encode` for values that are announced to be of a type; the bytes are the same."""
        if self._registry is not None:
            return self.encode

        return typed_encoder(hint, self._properties, self.encode)

    def to_response_data(self, value: Any) -> Any:
        """Return a value as a JSON parser would read it from `encode`: dicts, lists, texts, numbers, None."""
        return from_json(self.encode(value))

    def encode_default(self, value: Any) -> Any:
        """Return a simpler form of a value that JSON has none for; fits ``json.dumps(default=...)``.

        Raises:
            TypeError: Nothing is known about its type.
        """
        simpler = self._simplifier.simplify(value)
        if simpler is not value:
            return simpler

        try:
            return self.to_response_data(value)
        except PydanticSerializationError as error:
            raise TypeError(str(error)) from error

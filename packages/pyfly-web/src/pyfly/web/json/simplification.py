# SPDX-License-Identifier: Apache-2.0
"""Values in terms of what pydantic's encoder knows."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import Enum
from typing import Any

from pyfly.web.json.properties import JsonProperties
from pyfly.web.json.registry import JsonSerializers


class Simplifier:
    """Rewrite values by registered encoders, by exclusions, and into types that pydantic can write.

    Models stay as they are: pydantic writes them by their own schema.
    """

    def __init__(self, properties: JsonProperties, registry: JsonSerializers | None) -> None:
        self._exclude_none = properties.exclude_none
        self._exclude_defaults = properties.exclude_defaults
        self._registry = registry

    def simplify(self, value: Any) -> Any:
        """Rewrite a value and what is in it."""
        kind = type(value)
        if kind is str:
            return _sound(value)

        if kind in (int, float, bool) or value is None or hasattr(kind, "__pydantic_serializer__"):
            return value

        encode = self._registry.encode_for(kind) if self._registry is not None else None
        if encode is not None:
            return self._encoded(value, encode(value), encode)

        return self._rewritten(value)

    def last_resort(self, value: Any) -> Any:
        """Rewrite what pydantic has found inside of a model and has no form for.

        Raises:
            TypeError: Nothing is known about the type either.
        """
        simpler = self.simplify(value)
        if simpler is value:
            kind = type(value)
            raise TypeError(
                f"expected a value with a form in JSON, got one of {kind.__module__}.{kind.__qualname__}: "
                "register an encoder for it with JsonSerializers"
            )

        return simpler

    def _encoded(self, value: Any, simpler: Any, encode: Any) -> Any:
        assert self._registry is not None
        if self._registry.encode_for(type(simpler)) is encode:
            name = type(value).__qualname__
            raise TypeError(f"expected something simpler from the encoder of {name}, got {simpler!r:.100}")

        return self.simplify(simpler)

    def _rewritten(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return {
                self.simplify(key): self.simplify(item)
                for key, item in value.items()
                if not (self._exclude_none and item is None)
            }

        if isinstance(value, Enum):
            return self.simplify(value.value)

        if isinstance(value, str):
            return _sound(str.__str__(value))

        if isinstance(value, bytes | bytearray | memoryview):
            return bytes(value).decode("utf-8", "replace")

        if isinstance(value, Collection):
            return [self.simplify(item) for item in value]

        if isinstance(value, Iterator):
            return (self.simplify(item) for item in value)

        if is_dataclass(value) and not isinstance(value, type):
            return {
                field.name: self.simplify(getattr(value, field.name))
                for field in fields(value)
                if not self._is_left_out(field, getattr(value, field.name))
            }

        return value

    def _is_left_out(self, field: Field[Any], value: Any) -> bool:
        if value is None and self._exclude_none:
            return True

        if not self._exclude_defaults:
            return False

        if field.default_factory is not MISSING:
            return bool(value == field.default_factory())

        return field.default is not MISSING and bool(value == field.default)


def holds_iterator(value: Any) -> bool:
    """Tell whether something that can be read only once is in a value, at any depth."""
    waiting = [value]
    seen: set[int] = set()
    while waiting:
        item = waiting.pop()
        if isinstance(item, Iterator):
            return True

        if id(item) in seen or isinstance(item, str | bytes | bytearray | int | float):
            continue

        seen.add(id(item))
        if isinstance(item, Mapping):
            waiting.extend(item.values())
        elif isinstance(item, Collection):
            waiting.extend(item)
        elif hasattr(type(item), "__pydantic_serializer__") or is_dataclass(item):
            waiting.extend(getattr(item, "__dict__", {}).values())

    return False


def _sound(text: str) -> str:
    # Half of a surrogate pair has no form in UTF-8.
    return text if text.isascii() else text.encode("utf-8", "replace").decode()

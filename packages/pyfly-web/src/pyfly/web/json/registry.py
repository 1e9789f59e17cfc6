# SPDX-License-Identifier: Apache-2.0
"""Encoders that an application registers for types of its own."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from pydantic import BaseModel

T = TypeVar("T")
Encode = Callable[[Any], Any]

_NATIVE: Final = (str, int, float, bool, type(None), dict, list, tuple)


class JsonSerializers:
    """Know how values of some types are written as JSON; a bean of this class serves the whole application.

    An encoder applies to values that a handler returns, and to those inside of containers and dataclasses.
    Inside a model the types of its fields decide; there an encoder is asked for what pydantic cannot write.
    """

    def __init__(self) -> None:
        self._encoders: dict[type, Encode] = {}
        self._found: dict[type, Encode | None] = {}

    def __len__(self) -> int:
        return len(self._encoders)

    def register(self, tp: type[T], *, encode: Callable[[T], Any]) -> None:
        """Register the encoder of a type and its subclasses; a second one takes the place of the first.

        Args:
            tp: The type.
            encode: Turns a value of it into something simpler: a text, a number, a dict, a dataclass...

        Raises:
            TypeError: JSON has a form for the type itself, or it is a model and has serializers of its own.
        """
        if tp in _NATIVE:
            raise TypeError(
                f"expected a type that JSON has no form for, got {tp.__name__}: register a subclass of it"
            )

        if issubclass(tp, BaseModel):
            raise TypeError(
                f"expected a type that is no model, got {tp.__name__}: give it a model_serializer instead"
            )

        self._encoders[tp] = encode
        self._found.clear()

    def encode_for(self, tp: type) -> Encode | None:
        """Return the encoder of a type, or of the closest of its bases that has one, or ``None``."""
        if not self._encoders:
            return None

        if tp not in self._found:
            encoders = self._encoders
            self._found[tp] = next((encoders[base] for base in tp.__mro__ if base in encoders), None)

        return self._found[tp]

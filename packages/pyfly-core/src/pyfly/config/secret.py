# SPDX-License-Identifier: Apache-2.0
"""Text that must not be seen."""

from os import urandom
from typing import Any, Final, final

__all__ = ["Secret"]

_HIDDEN = "******"
_KEY: Final = urandom(16)


@final
class Secret:
    """Text that shows as ``******`` wherever an object becomes text: ``repr``, ``str``, formats, logs.

    Comparing takes the same time wherever two secrets differ. A secret equals only a secret, never its text,
    and is false when it is empty. Copies are the same object. A pickle holds the text in clear, as a dump of
    the memory does.

    Args:
        text: What to hide.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        if not isinstance(text, str):
            raise TypeError(f"expected text to hide, got an object of type {type(text).__qualname__}")

        self._text = text

    def reveal(self) -> str:
        """Return the text."""
        return self._text

    def __repr__(self) -> str:
        return f"Secret('{_HIDDEN}')"

    def __str__(self) -> str:
        return _HIDDEN

    def __format__(self, specification: str) -> str:
        return format(_HIDDEN, specification)

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented

        # Its library takes longer to load than this whole module, and few applications compare secrets.
        from hmac import compare_digest

        return compare_digest(_bytes(self._text), _bytes(other._text))

    def __hash__(self) -> int:
        # Under a key of this process, so that a hash that gets out is no way to try candidates.
        from hmac import digest

        return int.from_bytes(digest(_KEY, _bytes(self._text), "sha256")[:8], "big")

    def __copy__(self) -> "Secret":
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> "Secret":
        return self

    def __reduce__(self) -> tuple[object, ...]:
        return Secret, (self._text,)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        # Only a model asks for this, and then pydantic is there.
        from pydantic_core import core_schema

        return core_schema.no_info_plain_validator_function(
            cls._of,
            json_schema_input_schema=core_schema.str_schema(),
            serialization=core_schema.to_string_ser_schema(),
        )

    @classmethod
    def _of(cls, value: object) -> "Secret":
        if isinstance(value, Secret):
            return value

        if isinstance(value, str):
            return cls(value)

        raise ValueError("expected text to hide")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")

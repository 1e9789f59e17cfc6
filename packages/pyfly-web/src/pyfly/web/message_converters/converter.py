# SPDX-License-Identifier: Apache-2.0
"""What a converter of one format can do."""

from collections.abc import Callable
from typing import Any, ClassVar

from pyfly.web.message_converters.media_type import bare_name


class MessageConverter:
    """Read bodies of some media types, and write answers in them.

    A subclass names its media types and overrides ``read``, ``write`` or both. A bean of such a class takes
    part in the application, ahead of the built-in converters.

    Attributes:
        media_types: What it reads and writes, in lower case and in the order of its preference.
        suffix: Structured syntax that it understands as well, such as ``json`` for ``.../...+json``.
    """

    media_types: ClassVar[tuple[str, ...]] = ()
    suffix: ClassVar[str] = ""

    @property
    def can_read(self) -> bool:
        """Whether bodies can be read; by default, whether ``read`` is overridden."""
        return type(self).read is not MessageConverter.read

    @property
    def can_write(self) -> bool:
        """Whether answers can be written; by default, whether ``write`` is overridden."""
        return type(self).write is not MessageConverter.write

    def supports(self, media_type: str | None) -> bool:
        """Tell whether a media type is one of this converter's, as ``*/*`` is; parameters do not matter."""
        if media_type is None:
            return False

        name = bare_name(media_type)
        if name == "*/*" or name in map(bare_name, self.media_types):
            return True

        return bool(self.suffix) and name.endswith(f"+{self.suffix}")

    def read(self, body: bytes, target_type: Any) -> Any:
        """Turn a body into a value of a type.

        Args:
            body: The content.
            target_type: The type, as pydantic knows types.

        Raises:
            InvalidRequestException: The body is not in this format.
            ValidationError: What it says is no value of the type.
        """
        raise NotImplementedError(f"{type(self).__qualname__} does not read")

    def write(self, value: Any) -> tuple[bytes, str]:
        """Turn a value into content, and name the type of the content."""
        raise NotImplementedError(f"{type(self).__qualname__} does not write")

    def reader(self, target_type: Any) -> Callable[[bytes], Any]:
        """Compile ``read`` for one type."""
        return lambda body: self.read(body, target_type)

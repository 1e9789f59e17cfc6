# SPDX-License-Identifier: Apache-2.0
"""Messages of log records that have been redacted, and tell so by their type."""

from pyfly.logging.structured_event import StructuredEvent


class RedactedEvent(StructuredEvent):
    """An event whose fields are redacted."""

    __slots__ = ()


class RedactedText(str):
    """A message that is redacted."""

    __slots__ = ()


_REDACTED = (RedactedEvent, RedactedText)


def is_redacted(message: object) -> bool:
    """Tell whether the message of a record has been redacted."""
    return isinstance(message, _REDACTED)

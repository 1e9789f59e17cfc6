# SPDX-License-Identifier: Apache-2.0
"""What looks for secrets in texts."""

from enum import Enum
from typing import Any, Protocol, runtime_checkable


class TextKind(Enum):
    """What is known about a text of the log by the name of its field.

    Attributes:
        FREE: Nothing: a message, or the value of any field.
        ID: It identifies something, as an order number or a point in time does.
        PHONE: It is a telephone number.
    """

    FREE = "free"
    ID = "id"
    PHONE = "phone"


@runtime_checkable
class Redactor(Protocol):
    """Takes the secrets out of texts."""

    def redact(self, text: Any) -> Any:
        """Return the text with a mask in place of each secret.

        Args:
            text: The text; what is none is returned untouched.
        """
        ...


@runtime_checkable
class LogRedactor(Redactor, Protocol):
    """A redactor that also knows how to read a log, where most numbers are ids and no telephone numbers."""

    def redact_logged(self, text: str, kind: TextKind = TextKind.FREE) -> str:
        """Return a text of the log with a mask in place of each secret.

        Args:
            text: The text.
            kind: What is known about it.
        """
        ...

    def may_hold_secret(self, text: str) -> object:
        """Tell at once, and roughly, whether `redact_logged` could change a text.

        Returns:
            Anything true when it could; a false value only when it certainly cannot.
        """
        ...

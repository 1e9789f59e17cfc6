# SPDX-License-Identifier: Apache-2.0
"""What can go wrong between the selection of the beans and the end of the start."""

from typing import Any

from pyfly.container.exceptions import BeanCreationException


class StartupError(BeanCreationException):
    """The start was stopped by an error that does not know about beans.

    Args:
        cause: That error.
    """

    def __init__(self, cause: Exception) -> None:
        super().__init__("startup", type(cause).__name__, str(cause))
        self.cause = cause

    @property
    def description(self) -> str:
        """What happened, and which beans were being made."""
        told = getattr(self.cause, "description", None)
        lines = [told if isinstance(told, str) and told else _named(self.cause)]
        return "\n".join([*lines, *(f"  {note}" for note in getattr(self.cause, "__notes__", ())[:1])])

    @property
    def action(self) -> str:
        """What to do about it."""
        told = getattr(self.cause, "action", None)
        return told if isinstance(told, str) and told else "The traceback names the line that raised it."

    def _facts(self) -> dict[str, Any]:
        return {"cause": self.cause}


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__

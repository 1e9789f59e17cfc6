# SPDX-License-Identifier: Apache-2.0
"""Any redactor, as the log uses it: with the values of denied keys, and without ever raising."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from pyfly.logging._texts import text_of
from pyfly.logging.redaction._keys import KeyRules
from pyfly.logging.redaction._limits import within_limit
from pyfly.logging.redaction._masks import FAILED
from pyfly.logging.redaction._port import LogRedactor, Redactor, TextKind

# The rough look of an engine is for short texts.
_SHORT = 1_000

_LONGEST_REMEMBERED = 64
_MOST_REMEMBERED = 2_048


class LogTexts:
    """Redacts texts of the log; what cannot be looked through is left out, not shown.

    Short texts without a secret are remembered: most that are logged are logged again.

    Args:
        redactor: What finds secrets.
        rules: Which keys are denied.
    """

    def __init__(self, redactor: Redactor, rules: KeyRules) -> None:
        self._rules = rules
        self._redact = _logged(redactor)
        self._suspicious: Callable[[str], object] = (
            redactor.may_hold_secret if isinstance(redactor, LogRedactor) else bool
        )
        #: Texts that hold no secret, whatever is known about them, but for telephone numbers under a key.
        self.clean: set[str] = set()

    def redact(self, text: str, kind: TextKind = TextKind.FREE) -> str:
        """Return a text of the log with a mask in place of each secret."""
        if kind is TextKind.PHONE:
            return self._searched(text, kind)

        if text in self.clean:
            return text

        try:
            harmless = len(text) <= _SHORT and not self._suspicious(text)
        except Exception:
            return FAILED

        shown = text if harmless else self._searched(text, kind)
        if len(text) <= _LONGEST_REMEMBERED and shown == text and (harmless or kind is TextKind.FREE):
            self._remember(text)

        return shown

    @cached_property
    def _assigned(self) -> Any:
        # Its expressions are needed once a text gets a closer look, which is rarely at a start.
        from pyfly.logging.redaction._assignments import Assignments

        return Assignments(self._rules)

    def _searched(self, text: str, kind: TextKind) -> str:
        try:
            shown: str = self._assigned.redact(within_limit(self._redact(text, kind)))
            return shown
        except Exception:
            # The engine may be anybody's. A line without this text is better than one with the secret in it.
            return FAILED

    def _remember(self, text: str) -> None:
        if len(self.clean) >= _MOST_REMEMBERED:
            self.clean.clear()

        self.clean.add(text)


def _logged(redactor: Redactor) -> Callable[[str, TextKind], str]:
    if isinstance(redactor, LogRedactor):
        return redactor.redact_logged

    return lambda text, kind: text_of(redactor.redact(within_limit(text)))

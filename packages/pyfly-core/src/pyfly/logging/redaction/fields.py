# SPDX-License-Identifier: Apache-2.0
"""Fields of log events without the secrets in them."""

from collections.abc import Container, Iterable, Mapping

from pyfly.logging._texts import text_of
from pyfly.logging.redaction._keys import KeyRules, Treatment
from pyfly.logging.redaction._log_texts import LogTexts
from pyfly.logging.redaction._port import Redactor, TextKind
from pyfly.logging.redaction._values import LONG_NUMBER, Values

_FREE, _ID, _KEPT = Treatment.FREE, Treatment.ID, Treatment.KEPT
_SCALARS = frozenset({bool, float, int, str, type(None)})


class FieldRedactor:
    """Redacts fields by their names and by what their values hold; safe to share between threads.

    What a key says is decided once and remembered. Texts are searched; mappings, lists and the like are
    copied with what is in them redacted, to a depth of 8 and 1,000 values; objects that are no numbers or
    points in time become their text. Denied keys, and ``key=value`` within texts, are masked whatever the
    redactor finds. No value makes it raise: what cannot be looked through is left out.

    Args:
        redactor: What finds secrets in texts; None for fields that stay as they are.
        allow_fields: When not empty, the only fields whose values are searched, besides ``event``.
        deny_fields: Keys whose value never shows, besides those that always are denied.
    """

    def __init__(
        self, redactor: Redactor | None, allow_fields: Iterable[str] = (), deny_fields: Iterable[str] = ()
    ) -> None:
        self._rules = KeyRules(allow_fields, deny_fields)
        self._texts = LogTexts(redactor, self._rules) if redactor is not None else None
        self._values = Values(self._rules, self._texts) if self._texts is not None else None
        # Looked up here once instead of for each event.
        self._treatment_of = self._rules.known.get
        self._clean: Container[str] = self._texts.clean if self._texts is not None else ()

    def redact(self, fields: Mapping[str, object]) -> dict[str, object]:
        """Copy fields with masks in place of secrets.

        Args:
            fields: The fields; they stay as they are, and so does what they hold.
        """
        shown = dict(fields)
        texts = self._texts
        if texts is None:
            return shown

        treatment_of, clean = self._treatment_of, self._clean
        for key, value in fields.items():
            # What is known to be clean, which is nearly everything, is told here without another call.
            treatment = treatment_of(key)
            if treatment is _FREE or treatment is _ID:
                kind = type(value)
                if kind is str:
                    if value not in clean:
                        shown[key] = texts.redact(value, TextKind.FREE if treatment is _FREE else TextKind.ID)  # type: ignore[arg-type]  # a text

                    continue

                if kind in _SCALARS and (kind is not int or value < LONG_NUMBER):  # type: ignore[operator]  # a number
                    continue
            elif treatment is _KEPT and type(value) in _SCALARS:
                continue

            shown[key] = self.redact_value(key, value)

        return shown

    def redact_value(self, key: str, value: object) -> object:
        """Return a value as it may be shown.

        Args:
            key: The name of its field.
            value: Anything; it stays as it is, and so does what it holds.
        """
        return value if self._values is None else self._values.redact(text_of(key), value)

    def redact_text(self, text: str) -> str:
        """Return a text that is no field, such as a message or a traceback, with masks in place of secrets.

        Args:
            text: The text.
        """
        return text if self._texts is None else self._texts.redact(text)

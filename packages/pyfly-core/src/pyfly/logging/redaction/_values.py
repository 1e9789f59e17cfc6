# SPDX-License-Identifier: Apache-2.0
"""Copies of values, however nested, without the secrets in them."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping

from pyfly.logging._texts import text_of
from pyfly.logging.redaction._keys import KINDS, KeyRules, Treatment
from pyfly.logging.redaction._log_texts import LogTexts
from pyfly.logging.redaction._masks import FAILED, REDACTED

DEEPEST = 8
MOST_ITEMS = 1_000
MOST_CHARACTERS = 200_000

TOO_DEEP = "<TOO_DEEP>"
CIRCULAR = "<CIRCULAR>"

# Integers from here on may be numbers of cards.
LONG_NUMBER = 10**12

_NAMES = ("name", "key", "header")
# Where the types are at home whose objects are facts, and stay what they are.
_HARMLESS = frozenset({"datetime", "decimal", "fractions", "ipaddress", "uuid"})

# `Mapping` is last: it takes long to ask.
_CONTAINERS = (dict, list, tuple, set, frozenset, deque, Mapping)


class Values:
    """Redacts values by their keys and by what is in them.

    Args:
        rules: What keys say.
        texts: What redacts texts.
    """

    def __init__(self, rules: KeyRules, texts: LogTexts) -> None:
        self._rules = rules
        self._texts = texts

    def redact(self, key: str, value: object) -> object:
        """Return a value as it may be shown under a key."""
        try:
            return _Walk(self._rules, self._texts).value(self._rules.treatment(key), value, ())
        except Exception:
            # What is logged may be of anybody's class, or be changed by another thread meanwhile.
            return FAILED


class _Walk:
    """One way through a value, with what it may still spend."""

    __slots__ = ("_characters", "_items", "_rules", "_texts")

    def __init__(self, rules: KeyRules, texts: LogTexts) -> None:
        self._rules = rules
        self._texts = texts
        self._items = MOST_ITEMS
        self._characters = MOST_CHARACTERS

    def value(self, treatment: Treatment, value: object, within: tuple[int, ...]) -> object:
        if treatment is Treatment.DENIED:
            return REDACTED

        if treatment is Treatment.DENIED_UNLESS_COUNT:
            return value if isinstance(value, int | float) else REDACTED

        if type(value) is str:
            return self._text(treatment, value) if treatment in KINDS else value

        if value is None or isinstance(value, float) or type(value).__module__ in _HARMLESS:
            return value

        if isinstance(value, int):
            return self._number(treatment, value)

        if isinstance(value, _CONTAINERS):
            return self._container(treatment, value, within)

        if treatment not in KINDS and isinstance(value, str):
            return value

        if isinstance(value, bytes | bytearray | memoryview):
            return self._bytes(treatment, bytes(value))

        return value if treatment is Treatment.SKIPPED else self._text(treatment, text_of(value))

    def _text(self, treatment: Treatment, text: str) -> str:
        self._characters -= len(text)
        if self._characters < 0:
            return f"<CUT {len(text)} characters>"

        return self._texts.redact(text, KINDS.get(treatment, KINDS[Treatment.FREE]))

    def _number(self, treatment: Treatment, value: int) -> object:
        if treatment not in KINDS or (value < LONG_NUMBER and treatment is not Treatment.PHONE):
            return value

        if value.bit_length() > 64:
            return value

        digits = int.__repr__(value)
        shown = self._text(treatment, digits)
        return value if shown == digits else shown

    def _bytes(self, treatment: Treatment, value: bytes) -> object:
        if treatment not in KINDS:
            return value

        # Each byte is a character of Latin-1, and comes back from it as it was.
        text = value.decode("latin-1")
        shown = self._text(treatment, text)
        return value if shown == text else shown.encode("latin-1", "replace")

    def _container(
        self, treatment: Treatment, value: Mapping[object, object] | Iterable[object], within: tuple[int, ...]
    ) -> object:
        if id(value) in within:
            return CIRCULAR

        if len(within) >= DEEPEST:
            return TOO_DEEP

        inside = (*within, id(value))
        # Under an allowed key everything is searched; the ids of the log are ids wherever they are.
        treatment = Treatment.FREE if treatment is Treatment.KEPT else treatment
        try:
            if isinstance(value, Mapping):
                return self._mapping(treatment, value, inside)

            names = getattr(value, "_fields", None)
            if isinstance(value, tuple) and isinstance(names, tuple):
                named = self._mapping(treatment, dict(zip(names, value, strict=False)), inside)
                make: Callable[..., object] = type(value)
                return make(*named.values())

            items = self._items_of(treatment, value, inside)
            for kind in (tuple, set, frozenset):
                if isinstance(value, kind):
                    return kind(items)

            return items
        except Exception:
            return FAILED

    def _mapping(
        self, treatment: Treatment, value: Mapping[object, object], within: tuple[int, ...]
    ) -> dict[object, object]:
        shown: dict[object, object] = {}
        named = self._is_denied_pair(value)
        for place, (key, item) in enumerate(value.items()):
            if self._items <= 0:
                shown["<CUT>"] = f"<CUT {len(value) - place} items>"
                break

            self._items -= 1
            name = _name(key)
            under = self._rules.treatment(name)
            if under is Treatment.SKIPPED and treatment is not Treatment.SKIPPED:
                under = Treatment.FREE

            if named and name == "value":
                under = Treatment.DENIED

            shown[self._shown_key(key, name, shown)] = self.value(under, item, within)

        return shown

    def _items_of(
        self, treatment: Treatment, value: Iterable[object], within: tuple[int, ...]
    ) -> list[object]:
        taken = list(value)
        if len(taken) == 2 and isinstance(taken[0], str | bytes) and self._rules.denies(_name(taken[0])):
            # A header or a parameter: its name and its value.
            return [taken[0], REDACTED]

        shown: list[object] = []
        for place, item in enumerate(taken):
            if self._items <= 0:
                shown.append(f"<CUT {len(taken) - place} items>")
                break

            self._items -= 1
            shown.append(self.value(treatment, item, within))

        return shown

    def _is_denied_pair(self, value: Mapping[object, object]) -> bool:
        """Tell whether a mapping is the name and the value of something that is denied."""
        if "value" not in value:
            return False

        names = (value.get(name) for name in _NAMES)
        return any(isinstance(name, str | bytes) and self._rules.denies(_name(name)) for name in names)

    def _shown_key(self, key: object, name: str, shown: Mapping[object, object]) -> object:
        text = self._texts.redact(name)
        if text == name:
            return key

        # Different keys stay different.
        number, unique = 2, text
        while unique in shown:
            number, unique = number + 1, f"{text}#{number}"

        return unique


def _name(key: object) -> str:
    return key.decode("latin-1") if isinstance(key, bytes) else text_of(key)

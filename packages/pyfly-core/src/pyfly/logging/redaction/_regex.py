# SPDX-License-Identifier: Apache-2.0
"""Secrets found by regular expressions."""

import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any

from pyfly.logging.redaction._limits import within_limit
from pyfly.logging.redaction._masks import MASKS
from pyfly.logging.redaction._port import LogRedactor, TextKind
from pyfly.logging.redaction._rough_look import suspicious
from pyfly.logging.redaction._rules import Rule, extra_rule
from pyfly.logging.redaction.patterns import BUILTIN_PATTERNS
from pyfly.logging.structured_logger import StructuredLogger

# Kinds that the rough look does not look for.
_ADDRESSES = frozenset({"IPV4", "IPV6"})


class RegexRedactor(LogRedactor):
    """Finds secrets by regular expressions, in time that is linear in the length of a text.

    Kinds that it does not know, expressions that are none and a mask that it does not know are warned of on
    the logger ``pyfly.logging`` and left out; the mask is the placeholder then. Texts are cut after 100,000
    characters, because the rest would be written unseen. Safe to share between threads.

    Args:
        entities: Kinds to look for, in this order; passwords in URLs always come before e-mail.
        mask: ``placeholder`` (``<EMAIL>``), ``partial`` (stars but for the last four characters), or ``hash``
            (``<EMAIL:`` and the first eight hexadecimal digits of SHA-256).
        extra_patterns: ``{further kind: regular expression}``, looked for after the others. How long an
            expression takes is up to who writes it.
    """

    def __init__(
        self, entities: list[str], mask: str = "placeholder", extra_patterns: dict[str, str] | None = None
    ) -> None:
        chosen = MASKS.get(mask.strip().lower())
        if chosen is None:
            _warn("unknown_redaction_mask", mask=mask, known=", ".join(MASKS))

        self._mask = chosen or MASKS["placeholder"]
        self._extra = [
            extra_rule(name, pattern, self._mask) for name, pattern in _compiled(extra_patterns or {})
        ]
        self._known = _known(entities, bool(self._extra))
        rough = not self._extra and not _ADDRESSES.intersection(self._known)
        self._may_hold: Callable[[str], object] = suspicious if rough else bool

    # The expressions take longest of all that is loaded for logging. Few texts of a log get a closer look,
    # and hardly any while an application starts.
    @cached_property
    def _rules(self) -> Sequence[Rule]:
        from pyfly.logging.redaction._rule_sets import broad_rule

        return (broad_rule(self._known, self._mask), *self._extra)

    @cached_property
    def _logged(self) -> Mapping[TextKind, Sequence[Rule]]:
        from pyfly.logging.redaction._rule_sets import logged_rules

        return {kind: (*logged_rules(self._known, self._mask, kind), *self._extra) for kind in TextKind}

    def redact(self, text: Any) -> Any:
        """Return the text with a mask in place of each secret.

        Args:
            text: The text; what is none is returned untouched.
        """
        return _applied(self._rules, text) if isinstance(text, str) else text

    def redact_logged(self, text: str, kind: TextKind = TextKind.FREE) -> str:
        """Return a text of the log with a mask in place of each secret, and with its ids.

        A telephone number has to show itself as one here: by a plus, a usual layout, or a word before it. The
        digits of a card begin as those of an issuer do.

        Args:
            text: The text.
            kind: What is known about it; in an id nothing is taken for a telephone number.
        """
        return _applied(self._logged[kind], text)

    def may_hold_secret(self, text: str) -> object:
        """Tell at once, and roughly, whether `redact_logged` could change a text."""
        return self._may_hold(text)


def _applied(rules: Iterable[Rule], text: str) -> str:
    text = within_limit(text)
    for rule in rules:
        text = rule(text)

    return text


def _known(entities: Iterable[str], has_extra: bool) -> list[str]:
    names = list(dict.fromkeys(name.strip().upper() for name in entities))
    known = [name for name in names if name in BUILTIN_PATTERNS]
    unknown = [name for name in names if name not in BUILTIN_PATTERNS]
    if unknown:
        _warn("unknown_redaction_entities", entities=", ".join(unknown), known=", ".join(BUILTIN_PATTERNS))

    if unknown and not known and not has_extra:
        _warn("redaction_finds_nothing", reason="none of the configured entities is known")

    return known


def _compiled(patterns: Mapping[str, str]) -> Iterator[tuple[str, re.Pattern[str]]]:
    for name, pattern in patterns.items():
        try:
            yield name, re.compile(pattern)
        except (re.error, TypeError, RecursionError, OverflowError) as failure:
            _warn("invalid_redaction_pattern", name=name, reason=str(failure))


def _warn(event: str, **fields: object) -> None:
    StructuredLogger(logging.getLogger("pyfly.logging")).warning(event, **fields)

# SPDX-License-Identifier: Apache-2.0
"""What the conditions decided at start, and why."""

from typing import NamedTuple


class ConditionOutcome(NamedTuple):
    """One condition of one class or ``@bean`` method.

    Attributes:
        condition: The condition in words, such as ``property pyfly.cache.provider = redis``.
        matched: Whether it held.
        reason: What was found, such as ``found "memory"``.
    """

    condition: str
    matched: bool
    reason: str

    def to_dict(self) -> dict[str, str]:
        """Give the outcome as ``{"condition": ..., "message": ...}``."""
        return {"condition": self.condition, "message": self.reason}


class ConditionEntry(NamedTuple):
    """All conditions of one class or ``@bean`` method.

    Attributes:
        subject: The dotted class, with ``#method`` for a bean method.
        outcomes: The conditions in the order of their evaluation.
    """

    subject: str
    outcomes: list[ConditionOutcome]

    @property
    def matched(self) -> bool:
        """Whether every condition held."""
        return all(outcome.matched for outcome in self.outcomes)


class ConditionReport:
    """Keeps the decisions of one context start, in the order in which they were taken."""

    def __init__(self) -> None:
        self._entries: dict[str, ConditionEntry] = {}
        self._unconditional: dict[str, None] = {}
        self._excluded: dict[str, str] = {}

    def record(self, subject: str, condition: str, matched: bool, reason: str) -> None:
        """Add the outcome of one condition.

        Args:
            subject: The dotted class, with ``#method`` for a bean method.
            condition: The condition in words.
            matched: Whether it held.
            reason: What was found.
        """
        entry = self._entries.setdefault(subject, ConditionEntry(subject, []))
        entry.outcomes.append(ConditionOutcome(condition, matched, reason))

    def unconditional(self, subject: str) -> None:
        """Note a class or bean method that carries no condition.

        Args:
            subject: The dotted class, with ``#method`` for a bean method.
        """
        self._unconditional[subject] = None

    def exclude(self, subject: str, reason: str) -> None:
        """Note an auto-configuration that was left out before its conditions were looked at.

        Args:
            subject: The entry point or dotted class.
            reason: Who left it out.
        """
        self._excluded[subject] = reason

    @property
    def positive_matches(self) -> list[ConditionEntry]:
        """The subjects whose conditions all held."""
        return [entry for entry in self._entries.values() if entry.matched]

    @property
    def negative_matches(self) -> list[ConditionEntry]:
        """The subjects with at least one condition that did not hold."""
        return [entry for entry in self._entries.values() if not entry.matched]

    @property
    def unconditional_classes(self) -> list[str]:
        """The subjects without conditions."""
        return [subject for subject in self._unconditional if subject not in self._entries]

    @property
    def excluded(self) -> dict[str, str]:
        """The subjects left out beforehand: ``{subject: reason}``."""
        return dict(self._excluded)

    def to_dict(self) -> dict[str, object]:
        """Give the report as plain data, in the shape that the actuator serves."""
        return {
            "positiveMatches": {
                entry.subject: [outcome.to_dict() for outcome in entry.outcomes]
                for entry in self.positive_matches
            },
            "negativeMatches": {
                entry.subject: {
                    "notMatched": [outcome.to_dict() for outcome in entry.outcomes if not outcome.matched],
                    "matched": [outcome.to_dict() for outcome in entry.outcomes if outcome.matched],
                }
                for entry in self.negative_matches
            },
            "unconditionalClasses": self.unconditional_classes,
        }

    def render(self) -> str:
        """Give the report as text for people."""
        sections = [
            ("Used", [_render_entry(entry) for entry in self.positive_matches]),
            ("Not used", [_render_entry(entry) for entry in self.negative_matches]),
            ("Excluded", [f"  {subject}\n    {reason}" for subject, reason in self._excluded.items()]),
            ("Without conditions", [f"  {subject}" for subject in self.unconditional_classes]),
        ]
        blocks = [
            "\n".join([f"{title} ({len(lines)})", *(lines or ["  none"])])
            for title, lines in sections
            if lines or title in ("Used", "Not used")
        ]
        return "\n\n".join(["Condition report\n================", *blocks]) + "\n"


def _render_entry(entry: ConditionEntry) -> str:
    return "\n".join(
        [
            f"  {entry.subject}",
            *(f"    {'+' if it.matched else '-'} {it.condition}: {it.reason}" for it in entry.outcomes),
        ]
    )

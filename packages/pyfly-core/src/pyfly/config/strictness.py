# SPDX-License-Identifier: Apache-2.0
"""What is wrong with the settings of an application, all of it at once."""

from collections.abc import Sequence
from typing import NamedTuple

from pyfly.config.errors import BindingError, BindingProblem, ConfigurationError

__all__ = ["InvalidConfigurationError", "KeyFindings", "UnknownKey", "UnknownVariable", "UnusedSection"]


class UnknownKey(NamedTuple):
    """A key that nothing reads, where it can only be a mistake.

    Attributes:
        key: The whole dotted key.
        suggestions: The keys it may stand for, the likeliest first; empty when none is near.
        source: Where it is set, None when unknown.
    """

    key: str
    suggestions: tuple[str, ...]
    source: str | None

    def __str__(self) -> str:
        meant = f", did you mean {' or '.join(self.suggestions)}?" if self.suggestions else ""
        return f"{self.key}: no such key{meant}{f' ({self.source})' if self.source else ''}"


class UnusedSection(NamedTuple):
    """A section of a module that is not installed.

    Attributes:
        section: Its dotted path.
        keys: What is set there.
        source: Where the first of the keys is set, None when unknown.
    """

    section: str
    keys: tuple[str, ...]
    source: str | None

    def __str__(self) -> str:
        effect = "has no effect" if len(self.keys) == 1 else "have no effect"
        told = f"{', '.join(self.keys)} {effect}{f' ({self.source})' if self.source else ''}"
        return f"{self.section}: no installed distribution has settings there; {told}"


class UnknownVariable(NamedTuple):
    """A variable of the environment that looks like a misspelt one.

    Attributes:
        name: Its name.
        suggestions: The variables it may stand for, the likeliest first.
    """

    name: str
    suggestions: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.name} is not a setting; did you mean {' or '.join(self.suggestions)}?"


class KeyFindings(NamedTuple):
    """What a check of the keys found.

    Attributes:
        unknown: Mistakes.
        unused: Sections without effect.
        variables: Variables that look misspelt.
        configured: The installed classes of settings of whose sections something is set.
    """

    unknown: tuple[UnknownKey, ...]
    unused: tuple[UnusedSection, ...]
    variables: tuple[UnknownVariable, ...]
    configured: tuple[type, ...]


class InvalidConfigurationError(ConfigurationError):
    """Report everything that is wrong with the settings of an application.

    Args:
        unknown: Keys that do not exist.
        failures: What kept classes of settings from being bound, one error per class.
    """

    def __init__(self, unknown: Sequence[UnknownKey], failures: Sequence[ConfigurationError]) -> None:
        self.unknown = tuple(unknown)
        self.failures = tuple(failures)
        lines = [self._headline(), *(f"  {it}" for it in unknown), *map(str, failures)]
        super().__init__("\n".join(lines))
        self.action = "\n".join(self._advice())

    @property
    def problems(self) -> tuple[BindingProblem, ...]:
        """The values that do not fit, of all classes."""
        return tuple(
            problem for it in self.failures if isinstance(it, BindingError) for problem in it.problems
        )

    def _headline(self) -> str:
        keys, values = len(self.unknown), len(self.problems)
        values += sum(not isinstance(it, BindingError) for it in self.failures)
        counts = [
            f"{number} {one if number == 1 else many}"
            for number, one, many in (
                (keys, "key that does not exist", "keys that do not exist"),
                (values, "value that does not fit", "values that do not fit"),
            )
            if number
        ]
        return f"The configuration has {' and '.join(counts)}:"

    def _advice(self) -> list[str]:
        advice = dict.fromkeys(it.action for it in self.failures)
        if not self.unknown:
            return list(advice)

        return [
            "Correct or remove the keys; with pyfly.config.strict: false they are only warned about.",
            *advice,
        ]

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.unknown, self.failures)

# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with a configuration."""

from collections.abc import Sequence
from dataclasses import dataclass

from pyfly.kernel.exceptions import InfrastructureException, PyFlyException

__all__ = [
    "AutoConfigurationError",
    "BindingError",
    "BindingProblem",
    "CircularPlaceholderError",
    "ConfigurationError",
    "ExpressionError",
    "MalformedSourceError",
    "ProfileError",
    "UnresolvedPlaceholderError",
]


class ConfigurationError(PyFlyException, ValueError):
    """Report a configuration that the application cannot start with."""

    action = "Correct the configuration and start again."

    @property
    def description(self) -> str:
        """What is wrong, and where."""
        return str(self)


class MalformedSourceError(ConfigurationError):
    """Report a configuration file that cannot be read.

    Args:
        path: The file.
        reason: What is wrong with it.
        line: Line of the fault, counted from 1; None when the parser does not tell.
        column: Column of the fault, counted from 1; None when the parser does not tell.
    """

    def __init__(self, path: str, reason: str, line: int | None = None, column: int | None = None) -> None:
        where = path if line is None else f"{path}, line {line}, column {column or 1}"
        super().__init__(f"{where}: {reason}")
        self.path = path
        self.reason = reason
        self.line = line
        self.column = column
        self.action = f"Correct {where}."

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.path, self.reason, self.line, self.column)


class ExpressionError(ConfigurationError):
    """Report an expression that cannot be evaluated."""


class ProfileError(ConfigurationError):
    """Report profiles that cannot be activated as they are written."""


class UnresolvedPlaceholderError(ConfigurationError):
    """Report a placeholder that names nothing and has no default.

    Args:
        placeholder: The placeholder as written.
        key: The key or environment variable it names.
    """

    def __init__(self, placeholder: str, key: str) -> None:
        super().__init__(f"Cannot resolve placeholder {placeholder}: no key or environment variable {key!r}")
        self.placeholder = placeholder
        self.key = key
        self.action = f"Set {key!r}, or write a default: ${{{key}:...}}."

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.placeholder, self.key)


class CircularPlaceholderError(ConfigurationError):
    """Report placeholders that lead back to where they started.

    Args:
        cycle: The keys in the order they refer to each other; the first one again at the end.
    """

    def __init__(self, cycle: Sequence[str]) -> None:
        super().__init__(f"Circular placeholders: {' -> '.join(cycle)}")
        self.cycle = tuple(cycle)
        self.action = "Give one of these keys a value that refers to none of the others."

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.cycle,)


@dataclass(frozen=True, slots=True)
class BindingProblem:
    """Tell why one key does not fit its field.

    Attributes:
        key: The whole dotted key.
        expected: What the field takes.
        got: What was found, fit to be shown; None when nothing was found.
        source: Where it was found, None when unknown.
    """

    key: str
    expected: str
    got: str | None
    source: str | None

    def __str__(self) -> str:
        found = "nothing" if self.got is None else self.got
        origin = f" (from {self.source})" if self.source else ""
        return f"{self.key}: expected {self.expected}, got {found}{origin}"


class BindingError(ConfigurationError):
    """Report all values of one class that do not fit their fields.

    Args:
        target: Name of the class.
        prefix: The prefix its keys share.
        problems: One entry per key.
    """

    action = "Correct the values named above, or remove them to get the defaults."

    def __init__(self, target: str, prefix: str, problems: Sequence[BindingProblem]) -> None:
        headline = f"Configuration validation failed for '{target}' (prefix='{prefix}')"
        lines = [f"  {problem}" for problem in problems]
        super().__init__("\n".join([headline + ":", *lines]))
        self.target = target
        self.prefix = prefix
        self.problems = tuple(problems)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.target, self.prefix, self.problems)


class AutoConfigurationError(InfrastructureException):
    """Report an auto-configuration that is installed and cannot be loaded.

    Args:
        entry: Name of its entry point.
        target: What the entry point refers to.
        distribution: The distribution that declares it.
        reason: What went wrong.
    """

    def __init__(self, entry: str, target: str, distribution: str, reason: str) -> None:
        super().__init__(
            f"Auto-configuration {entry!r} ({target}, from {distribution}) cannot be loaded: {reason}"
        )
        self.entry = entry
        self.target = target
        self.distribution = distribution
        self.reason = reason
        self.action = f"Mend {distribution}, or exclude {entry!r} with pyfly.autoconfigure.exclude."

    @property
    def description(self) -> str:
        """What is wrong, and where."""
        return str(self)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.entry, self.target, self.distribution, self.reason)

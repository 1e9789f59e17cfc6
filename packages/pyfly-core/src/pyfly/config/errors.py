# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with a configuration."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pyfly.kernel.exceptions import InfrastructureException, PyFlyException

__all__ = [
    "ActivationError",
    "AutoConfigurationError",
    "BindingError",
    "BindingErrors",
    "BindingProblem",
    "CircularPlaceholderError",
    "ConfigurationError",
    "DefaultsConflictError",
    "ExpressionError",
    "MalformedSourceError",
    "ProfileError",
    "UnresolvedPlaceholderError",
    "UnsupportedConstraintError",
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

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return type(self), (self.path, self.reason, self.line, self.column)


class ExpressionError(ConfigurationError):
    """Report an expression that cannot be evaluated."""


class ProfileError(ConfigurationError):
    """Report profiles that cannot be activated as they are written."""


class ActivationError(ProfileError):
    """Report a document of which nobody can tell under which profiles it applies.

    Args:
        path: The file.
        line: Line of the key, counted from 1; None when it is not known.
        key: The key.
        expected: What belongs there.
        got: What is there.
        problem: What is wrong with it; None when that is plain to see.
    """

    action = (
        "Write a profile name, or combine names with ! (not), & (and), | (or) and parentheses, "
        "such as 'prod & !eu'; a list holds when one of its expressions does."
    )

    def __init__(
        self, path: str, line: int | None, key: str, expected: str, got: str, problem: str | None = None
    ) -> None:
        place = path if line is None else f"{path}, line {line}"
        text = f"{key}: expected {expected}, got {got} (from {place})"
        super().__init__(f"{text}: {problem}" if problem else text)
        self.path = path
        self.line = line
        self.key = key
        self.expected = expected
        self.got = got
        self.problem = problem

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return type(self), (self.path, self.line, self.key, self.expected, self.got, self.problem)


class DefaultsConflictError(ConfigurationError):
    """Report distributions that give one setting different defaults.

    Args:
        key: The setting.
        first: One of them, with the entry point that contributes its defaults.
        second: The other one.
    """

    def __init__(self, key: str, first: str, second: str) -> None:
        super().__init__(f"{key}: {first} and {second} contribute different defaults")
        self.key = key
        self.first = first
        self.second = second
        self.action = "Install versions that fit together, or leave one of these distributions out."

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return type(self), (self.key, self.first, self.second)


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

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
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

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return type(self), (self.cycle,)


@dataclass(frozen=True, slots=True)
class BindingProblem:
    """Tell why one key does not fit its field.

    Attributes:
        key: The whole dotted key.
        expected: What the field takes.
        got: What was found, fit to be shown; None when nothing was found.
        source: Where it was found, with file and line where there are any; None when unknown.
        hint: What may be behind it; None when there is no guess.
    """

    key: str
    expected: str
    got: str | None
    source: str | None
    hint: str | None = None

    def __str__(self) -> str:
        found = "nothing" if self.got is None else self.got
        origin = f" (from {self.source})" if self.source else ""
        hint = f"; {self.hint}" if self.hint else ""
        return f"{self.key}: expected {self.expected}, got {found}{origin}{hint}"


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

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return type(self), (self.target, self.prefix, self.problems)


class BindingErrors(ConfigurationError):
    """Report the problems of several classes at once, each under the headline of its class.

    Args:
        errors: One error per class; what such an error holds together counts as several.

    Attributes:
        errors: The errors, in the order given.
        problems: The problems of all of them.
    """

    action = BindingError.action

    def __init__(self, errors: "Sequence[BindingError | BindingErrors]") -> None:
        self.errors: tuple[BindingError, ...] = tuple(
            single
            for error in errors
            for single in (error.errors if isinstance(error, BindingErrors) else (error,))
        )
        super().__init__("\n".join(map(str, self.errors)))
        self.problems = tuple(problem for error in self.errors for problem in error.problems)

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return type(self), (self.errors,)


class UnsupportedConstraintError(ConfigurationError):
    """Report an annotation that asks of a value what cannot be checked.

    Args:
        target: Name of the class, or of the place that has the annotation.
        field: The field; None when there is none.
        constraint: What is asked, as it is written.
        reason: Why it cannot be checked.
    """

    def __init__(self, target: str, field: str | None, constraint: str, reason: str) -> None:
        where = target if field is None else f"{target}.{field}"
        super().__init__(f"{where}: expected constraints that can be checked, got {constraint}: {reason}")
        self.target = target
        self.field = field
        self.constraint = constraint
        self.reason = reason
        self.action = f"Correct the annotation of {where}, or take {constraint} out of it."

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return type(self), (self.target, self.field, self.constraint, self.reason)


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

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return type(self), (self.entry, self.target, self.distribution, self.reason)

# SPDX-License-Identifier: Apache-2.0
"""What can be wrong with an import of settings."""

from collections.abc import Callable, Sequence
from typing import Any

from pyfly.config.errors import ConfigurationError

__all__ = [
    "ImportChainError",
    "ImportSettingError",
    "ImportTimeoutError",
    "ImporterError",
    "MissingImportError",
    "UnknownImportSchemeError",
]


class ImportSettingError(ConfigurationError):
    """Report a setting about imports that cannot be honoured.

    Args:
        key: The whole dotted key.
        expected: What it takes.
        got: What was found, fit to be shown.
        source: Where it was found, None when that is not known.
    """

    def __init__(self, key: str, expected: str, got: str, source: str | None) -> None:
        super().__init__(f"{key}: expected {expected}, got {got}{_from(source)}")
        self.key = key
        self.expected = expected
        self.got = got
        self.source = source
        self.action = f"Correct {key}, or remove it."

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return type(self), (self.key, self.expected, self.got, self.source)


class MissingImportError(ConfigurationError):
    """Report an import that is not there.

    Args:
        location: What is to be imported.
        path: The file or folder that does not exist.
        source: What names the location, None when that is not known.
    """

    def __init__(self, location: str, path: str, source: str | None) -> None:
        super().__init__(f"Cannot import {location}{_from(source)}: {path} does not exist")
        self.location = location
        self.path = path
        self.source = source
        self.action = f"Create {path}, correct the location, or write optional:{location}."

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return type(self), (self.location, self.path, self.source)


class UnknownImportSchemeError(ConfigurationError):
    """Report an import that no installed distribution can do.

    Args:
        location: What is to be imported.
        scheme: Its scheme.
        installed: The schemes that there are.
        source: What names the location, None when that is not known.
    """

    def __init__(self, location: str, scheme: str, installed: Sequence[str], source: str | None) -> None:
        known = ", ".join(f"{name}:" for name in installed)
        super().__init__(
            f"Cannot import {location}{_from(source)}: no installed distribution imports {scheme}: "
            f"(there are {known})"
        )
        self.location = location
        self.scheme = scheme
        self.installed = tuple(installed)
        self.source = source
        self.action = (
            f"Install the distribution that imports {scheme}:, correct the location, "
            f"or write optional:{location}."
        )

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return type(self), (self.location, self.scheme, self.installed, self.source)


class ImportChainError(ConfigurationError):
    """Report imports that lead from one to the next without end.

    Args:
        chain: The places, in the order in which each imports the next.
        problem: What is wrong with them together.
    """

    action = "Remove one of these imports."

    def __init__(self, chain: Sequence[str], problem: str) -> None:
        super().__init__(f"{problem}: {' -> '.join(chain)}")
        self.chain = tuple(chain)
        self.problem = problem

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return type(self), (self.chain, self.problem)


class ImportTimeoutError(ConfigurationError):
    """Report an import that does not end in time.

    Args:
        location: What is to be imported.
        seconds: How long it was waited for.
    """

    def __init__(self, location: str, seconds: float) -> None:
        super().__init__(f"Cannot import {location}: no answer within {seconds:g} seconds")
        self.location = location
        self.seconds = seconds
        self.action = "See that the place answers, or allow more with pyfly.cloud.config.timeout."

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return type(self), (self.location, self.seconds)


class ImporterError(ConfigurationError):
    """Report an importer that does not keep its contract.

    Args:
        scheme: What it imports.
        importer: The importer, with the distribution that brings it.
        problem: What is wrong with it.
    """

    def __init__(self, scheme: str, importer: str, problem: str) -> None:
        super().__init__(f"The importer of {scheme}: ({importer}) {problem}")
        self.scheme = scheme
        self.importer = importer
        self.problem = problem
        self.action = f"Mend or leave out {importer}."

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return type(self), (self.scheme, self.importer, self.problem)


def _from(source: str | None) -> str:
    return f" (from {source})" if source else ""

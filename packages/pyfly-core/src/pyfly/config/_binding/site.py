# SPDX-License-Identifier: Apache-2.0
"""Where in the configuration a value is being bound."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from pyfly.config._binding.problems import Problems, shown
from pyfly.config._environment import Settings, add_unlisted, overlaid
from pyfly.config._names import join, variable_stem, variables_of
from pyfly.config._placeholders import references
from pyfly.config.errors import BindingProblem, CircularPlaceholderError, UnresolvedPlaceholderError

_log = logging.getLogger("pyfly.config")
_told: set[str] = set()

# Each class asks for the same keys whenever it is bound.
_variables_of = lru_cache(maxsize=8192)(variables_of)


class _Rejected:
    __slots__ = ()


REJECTED: Final[Any] = _Rejected()


@dataclass(frozen=True, slots=True)
class Text:
    """The text of an environment variable, not yet of any type."""

    content: str
    variable: str


@dataclass(slots=True)
class Run:
    """One binding: what it reads from, and what has gone wrong so far.

    ``resolve`` fills in the placeholders of a value; ``origin`` names the source of a key.
    """

    settings: Settings
    resolve: Callable[[Any, str], Any]
    origin: Callable[[str], str | None]
    problems: Problems


@dataclass(slots=True)
class Site:
    """The place of one value: its key, and whether a variable may override it."""

    run: Run
    key: str
    open_to_environment: bool = True

    def child(self, name: object) -> "Site":
        return Site(self.run, f"{self.key}.{name}" if self.key else str(name), self.open_to_environment)

    def item(self, index: int) -> "Site":
        return Site(self.run, f"{self.key}[{index}]", self.open_to_environment)

    def closed(self) -> "Site":
        """Return the same place out of reach of variables."""
        return Site(self.run, self.key, False)

    def trial(self) -> "Site":
        """Return the same place in a run of its own, whose problems nobody sees unless they are asked for."""
        run = Run(self.run.settings, self.run.resolve, self.run.origin, self.run.problems.trial())
        return Site(run, self.key, self.open_to_environment)

    def text(self) -> Text | None:
        """Return what the environment says about this place."""
        if not self.open_to_environment or not self.run.settings:
            return None

        settings = self.run.settings
        if all(name not in settings for name in _variables_of(self.key)):
            return None

        variable = settings.overriding(self.key)
        return None if variable is None else Text(settings[variable], variable)

    def has_settings_below(self) -> bool:
        return self.open_to_environment and bool(self.run.settings) and self.run.settings.any_under(self.key)

    def settings_below(self) -> dict[str, str]:
        """Return the variables under this place, by the rest of their names: ``{"0": "PYFLY_TAGS_0"}``."""
        if not self.has_settings_below():
            return {}

        stem = variable_stem(self.key)
        return {name[len(stem) :]: name for name in self.run.settings if name.startswith(stem)}

    def add_unlisted(self, section: dict[Any, Any]) -> None:
        """Add a leaf for each variable under this place that overrides no key of the section."""
        if self.has_settings_below():
            add_unlisted(section, self.key, self.run.settings)

    def effective(self, section: Mapping[str, Any]) -> dict[str, Any]:
        """Return a section of any content as it applies, with the variables that it does not list."""
        if not self.open_to_environment:
            return {key: self.run.resolve(value, join(self.key, key)) for key, value in section.items()}

        result = overlaid(section, self.key, self.run.settings, self.run.resolve)
        add_unlisted(result, self.key, self.run.settings)
        return result

    def resolved(self, raw: Any) -> Any:
        """Return ``raw`` with its placeholders filled in."""
        if isinstance(raw, str):
            return self.run.resolve(raw, self.key) if "${" in raw else raw

        return self.run.resolve(raw, self.key) if isinstance(raw, list | dict) else raw

    def pass_over(self, text: Text, expected: str) -> None:
        """Say that an empty variable counts as not set; once for each variable."""
        if text.variable not in _told:
            _told.add(text.variable)
            source = self.run.settings.source_of(text.variable)
            _log.warning("%s is empty and counts as not set: %s takes %s", source, self.key, expected)

    def reject(
        self, expected: str, value: Any, *, written: Any = None, secret: bool = False, got: str | None = None
    ) -> Any:
        """Note that a value does not fit, and return REJECTED.

        Args:
            expected: What would fit.
            value: The value, or the text of a variable.
            written: The same before its placeholders were filled in.
            secret: Whether the value must not be shown.
            got: How to show the value instead of the usual way.
        """
        found = got or shown(self.key, value.content if isinstance(value, Text) else value, secret=secret)
        self.run.problems.add(BindingProblem(self.key, expected, found, self.source_of(value, written)))
        return REJECTED

    def source_of(self, value: Any, written: Any = None) -> str | None:
        """Return where a value comes from, with the placeholders it came through."""
        if isinstance(value, Text):
            return self.run.settings.source_of(value.variable)

        source = self.run.origin(self.key)
        keys = references(written) if isinstance(written, str) and "${" in written else ()
        names = ", ".join(f"${{{key}}}" for key in keys)
        if not names:
            return source

        return f"{source} through {names}" if source else names

    def unresolved(self, error: UnresolvedPlaceholderError | CircularPlaceholderError) -> Any:
        """Note that a placeholder of the value cannot be filled in, and return REJECTED."""
        source = self.run.origin(self.key)
        if isinstance(error, CircularPlaceholderError):
            problem = BindingProblem(self.key, "a value", f"a circle: {' -> '.join(error.cycle)}", source)
        else:
            problem = BindingProblem(self.key, f"a value for {error.placeholder}", None, source)

        self.run.problems.add(problem, error)
        return REJECTED

    def missing(self, expected: str, lookalike: str | None = None) -> None:
        """Note that there is no value where one is needed, though a key nearby looks like it."""
        hint = None
        if lookalike is not None:
            source = self.run.origin(lookalike)
            hint = f"{lookalike} looks like it" + (f" ({source})" if source else "")

        self.run.problems.add(BindingProblem(self.key, expected, None, None, hint))

# SPDX-License-Identifier: Apache-2.0
"""Where in the configuration a value is being bound, and what has gone wrong so far."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pyfly.config._environment import Settings
from pyfly.config._masking import mask_value
from pyfly.config._names import join
from pyfly.config.errors import BindingProblem


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
    """One binding: what it reads from, and the problems it has met.

    ``resolve`` fills in the placeholders of a value; ``origin`` names the source of a key; ``cause`` is the
    error of a library behind the problems.
    """

    settings: Settings
    resolve: Callable[[Any, str], Any]
    origin: Callable[[str], str | None]
    problems: list[BindingProblem] = field(default_factory=list)
    cause: Exception | None = None


@dataclass(frozen=True, slots=True)
class Site:
    """The place of one value: its key, and whether a variable may override it."""

    run: Run
    key: str
    open_to_environment: bool = True

    def child(self, name: object) -> "Site":
        return Site(self.run, join(self.key, name), self.open_to_environment)

    def item(self, index: int) -> "Site":
        return Site(self.run, f"{self.key}[{index}]", False)

    def trial(self) -> "Site":
        """Return the same place in a run of its own, whose problems nobody sees unless they are asked for."""
        run = Run(self.run.settings, self.run.resolve, self.run.origin)
        return Site(run, self.key, self.open_to_environment)

    def text(self) -> Text | None:
        """Return what the environment says about this place."""
        if not self.open_to_environment:
            return None

        variable = self.run.settings.overriding(self.key)
        return None if variable is None else Text(self.run.settings[variable], variable)

    def has_settings_below(self) -> bool:
        return self.open_to_environment and self.run.settings.any_under(self.key)

    def resolved(self, raw: Any) -> Any:
        """Return ``raw`` with its placeholders filled in."""
        return self.run.resolve(raw, self.key)

    def reject(self, expected: str, raw: Any) -> Any:
        """Note that ``raw`` does not fit, and return REJECTED."""
        if isinstance(raw, Text):
            source: str | None = self.run.settings.source_of(raw.variable)
            shown = _show(self.key, raw.content)
        else:
            source = self.run.origin(self.key)
            shown = _show(self.key, raw)

        self.run.problems.append(BindingProblem(self.key, expected, shown, source))
        return REJECTED

    def missing(self, expected: str) -> None:
        """Note that there is no value where one is needed."""
        self.run.problems.append(BindingProblem(self.key, expected, None, None))


def _show(key: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return "a mapping"

    shown = mask_value(key, value)
    return "null" if shown is None else repr(shown)

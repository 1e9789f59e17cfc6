# SPDX-License-Identifier: Apache-2.0
"""The configuration of an application."""

from collections.abc import Mapping
from os import environ
from typing import Any, TypeVar

from pyfly.config._environment import add_unlisted, like, overlaid, variables
from pyfly.config._names import canonical, variable_of
from pyfly.config._placeholders import parse, render
from pyfly.config._site import Run
from pyfly.config._sources import Snapshot, Source
from pyfly.config._tree import ABSENT, clone, expand
from pyfly.config.binding import bind_section
from pyfly.config.errors import CircularPlaceholderError, ConfigurationError

__all__ = ["Config"]

T = TypeVar("T")


class Config:
    """Settings by dotted key, from several sources, overridden by the environment at the moment of reading.

    Keys match in any spelling: ``pool-size``, ``pool_size`` and ``Pool Size`` are one. Reading is safe from
    any thread: a reader sees all of one state of the sources.

    Args:
        data: Nested settings. A dotted key of the outermost level stands for nested ones.
    """

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        self._snapshot = Snapshot((Source("applicationConfig", expand(data or {}), listed=False),))

    def get(self, key: str, default: Any = None) -> Any:
        """Return the value of ``key``.

        The environment wins, its text read as the type of the value it overrides. Placeholders in text are
        filled in; mappings are returned as they are written.

        Args:
            key: Dotted path, in any spelling.
            default: What to return when the key is missing or null.

        Raises:
            UnresolvedPlaceholderError: If the value refers to a key that does not exist.
            CircularPlaceholderError: If the value refers to itself.
        """
        raw = self._snapshot.find(key)
        text = environ.get(variable_of(key))
        if text is not None:
            return like(raw, text)
        if raw is ABSENT or raw is None:
            return default
        return self._resolve(raw, key)

    def get_section(self, prefix: str) -> dict[str, Any]:
        """Return a copy of the settings under ``prefix`` as they are written; empty when there are none."""
        node = self._snapshot.find(prefix) if prefix else self._snapshot.tree
        return clone(node) if isinstance(node, Mapping) else {}

    def effective_section(self, prefix: str) -> dict[str, Any]:
        """Return the settings under ``prefix`` as they apply, placeholders and environment included.

        Variables under the prefix that override no known key are added, one segment per word.
        """
        settings = variables()
        result = overlaid(self.get_section(prefix), prefix, settings, self._resolve)
        add_unlisted(result, prefix, settings)
        return result

    def effective_dict(self) -> dict[str, Any]:
        """Return all settings as they apply; one whose placeholder names nothing stays as it is written."""
        return overlaid(self._snapshot.tree, "", variables(), self._resolve_if_possible)

    def to_dict(self) -> dict[str, Any]:
        """Return a copy of all settings as they are written."""
        return self.get_section("")

    def bind(self, cls: type[T]) -> T:
        """Create an instance of a class that is marked with ``config_properties``.

        Raises:
            ValueError: If the class has no such mark.
            BindingError: If values do not fit the fields; it names all of them.
        """
        prefix = getattr(cls, "__pyfly_config_prefix__", None)
        if prefix is None:
            raise ConfigurationError(f"{cls.__qualname__} is not decorated with @config_properties")
        snapshot = self._snapshot
        section = snapshot.find(prefix) if prefix else snapshot.tree
        return bind_section(cls, section, prefix, Run(variables(), self._resolve, snapshot.origin))

    def resolve_placeholders(self, text: str) -> Any:
        """Fill in the placeholders of ``text``; a single placeholder gives the setting with its type.

        Raises:
            UnresolvedPlaceholderError: If a placeholder without a default names nothing.
            CircularPlaceholderError: If a setting refers to itself.
        """
        return self._filled(text, ())

    def _resolve(self, value: Any, key: str) -> Any:
        return self._filled(value, (key,))

    def _resolve_if_possible(self, value: Any, key: str) -> Any:
        try:
            return self._resolve(value, key)
        except ConfigurationError:
            return value

    def _filled(self, value: Any, path: tuple[str, ...]) -> Any:
        if isinstance(value, str):
            return render(parse(value), lambda key: self._referred(key, path)) if "${" in value else value
        if isinstance(value, list):
            return [self._filled(item, path) for item in value]
        return clone(value) if isinstance(value, Mapping) else value

    def _referred(self, key: str, path: tuple[str, ...]) -> Any:
        text = environ.get(key)
        if text is not None:
            return text
        raw = self._snapshot.find(key)
        text = environ.get(variable_of(key))
        if text is not None:
            return like(raw, text)
        if raw is ABSENT or raw is None:
            return ABSENT
        if canonical(key) in map(canonical, path):
            raise CircularPlaceholderError((*path, key))
        return self._filled(raw, (*path, key))

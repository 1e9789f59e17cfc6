# SPDX-License-Identifier: Apache-2.0
"""The configuration of an application."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from threading import RLock
from typing import Any, TypeVar

from pyfly.config._environment import Option, environment, options_of
from pyfly.config._masking import mask_value, masked
from pyfly.config._process import variable
from pyfly.config._sources.source import Snapshot, Source
from pyfly.config._tree import ABSENT, clone, expand, leaves
from pyfly.config._view import View
from pyfly.config.errors import ConfigurationError

__all__ = ["Config"]

T = TypeVar("T")


class Config:
    """Settings by dotted key, from several sources, overridden by the environment at the moment of reading.

    Keys match in any spelling: ``pool-size``, ``pool_size``, ``poolSize`` and ``Pool Size`` are one. An item
    of a list is ``servers[0]``. Reading is safe from any thread: a reader sees all of one state of the
    sources.

    Args:
        data: Nested settings. A dotted key of the outermost level stands for nested ones.
    """

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        self._lock = RLock()
        self._reloading = RLock()
        self._again: Callable[[tuple[Source, ...]], Config] | None = None
        self._profiles: tuple[str, ...] | None = None
        self._merged: tuple[Source, ...] = ()
        self._before_reload: Snapshot | None = None
        self._options: Mapping[str, Option] = {}
        self._told: set[str] = set()
        self._snapshot = Snapshot((Source("applicationConfig", expand(data or {}), listed=False),))

    @classmethod
    def from_sources(
        cls,
        base_dir: str | Path,
        active_profiles: Sequence[str] | None = None,
        load_defaults: bool = True,
        starter_defaults: Mapping[str, Any] | None = None,
        *,
        application: Mapping[str, Any] | None = None,
        arguments: Mapping[str, str] | None = None,
    ) -> "Config":
        """Load the configuration of an application from its directory.

        Lowest first: the defaults of the installed distributions, what the application says about itself, the
        defaults of its starters, ``config/pyfly.*``, ``pyfly.*``, the same with ``-<profile>`` for each
        active profile, and what ``pyfly.config.import`` names. Files end in ``.yaml``, ``.yml`` or
        ``.toml``, and the last one wins; one that does not exist is passed over. A document within a file
        that has ``pyfly.config.activate.on-profile`` applies when that holds, above the others of its file.

        Args:
            base_dir: The directory.
            active_profiles: The profiles; when None, those of ``pyfly.profiles.active``.
            load_defaults: Whether to start from the framework defaults.
            starter_defaults: Settings that lie beneath the files.
            application: Settings that lie beneath the starters.
            arguments: Settings of the command line, text by dotted key; they lie above the environment.

        Raises:
            ConfigurationError: If a file or a profile is not as it must be.
            Exception: What an import raises that must not fail.
        """
        # What reads files takes as many modules again as the rest, and Config({...}) needs none of them.
        from pyfly.config._loader import load_directory
        from pyfly.config._sources.layers import Beneath

        beneath = Beneath(load_defaults, application or {}, starter_defaults or {})
        return cls._loaded(partial(load_directory, Path(base_dir), active_profiles, beneath), arguments)

    @classmethod
    def from_file(
        cls,
        path: str | Path,
        active_profiles: Sequence[str] | None = None,
        load_defaults: bool = True,
        *,
        starter_defaults: Mapping[str, Any] | None = None,
        application: Mapping[str, Any] | None = None,
        arguments: Mapping[str, str] | None = None,
    ) -> "Config":
        """Load the configuration that a file belongs to; without the file, the defaults.

        ``pyfly.yaml`` stands for its directory, ``pyfly-<profile>.yaml`` for its directory under that
        profile, and any other file for itself and its siblings ``<stem>-<profile><suffix>``.

        Args:
            path: The file.
            active_profiles: The profiles; when None, those of ``pyfly.profiles.active``.
            load_defaults: Whether to start from the framework defaults.
            starter_defaults: Settings that lie beneath the files.
            application: Settings that lie beneath the starters.
            arguments: Settings of the command line, text by dotted key; they lie above the environment.

        Raises:
            ConfigurationError: If a file or a profile is not as it must be.
            Exception: What an import raises that must not fail.
        """
        from pyfly.config._loader import load_file
        from pyfly.config._sources.layers import Beneath

        beneath = Beneath(load_defaults, application or {}, starter_defaults or {})
        return cls._loaded(partial(load_file, Path(path), active_profiles, beneath), arguments)

    @classmethod
    def _loaded(cls, load: Callable[..., Any], arguments: Mapping[str, str] | None) -> "Config":
        blank = cls()
        blank._options = options_of(arguments or {})
        config: Config
        config, config._again = load(blank._of)
        return config

    def _of(self, sources: tuple[Source, ...], profiles: tuple[str, ...]) -> "Config":
        """Return what other sources make under this command line."""
        config = type(self)()
        config._options, config._told = self._options, self._told
        config._snapshot, config._profiles = Snapshot(sources), profiles
        return config

    @property
    def active_profiles(self) -> list[str]:
        """The profiles this configuration was loaded for, groups before their members.

        They stay as they were at loading; a configuration that was not loaded from files reads them now.
        """
        if self._profiles is not None:
            return list(self._profiles)

        from pyfly.config._sources.profiles import profiles_of

        return list(profiles_of(self))

    @property
    def loaded_sources(self) -> list[str]:
        """The names of the sources that were found, lowest first."""
        return [source.name for source in self._snapshot.sources if source.listed]

    def merge(self, data: Mapping[str, Any], name: str) -> None:
        """Lay further settings over all others; they stay when the sources are read again.

        Args:
            data: Nested settings. A dotted key of the outermost level stands for nested ones.
            name: How the source is called in ``loaded_sources``.
        """
        source = Source(name, expand(data))
        with self._lock:
            self._merged = (*self._merged, source)
            self._snapshot = Snapshot((*self._snapshot.sources, source))

    def reload_from_sources(self) -> bool:
        """Read the files and imports again, under the same profiles; a failure leaves everything as it was.

        An import that has been read before must not fail, be it optional or not.

        Returns:
            False if this configuration was not loaded from files.

        Raises:
            ConfigurationError: If a file is not as it must be.
            Exception: What an import raises that must not fail.
        """
        with self._reloading:
            if self._again is None:
                return False

            fresh = self._again(self._snapshot.sources)
            with self._lock:
                sources = (*fresh._snapshot.sources, *self._merged)
                self._before_reload = self._snapshot
                self._snapshot = Snapshot(sources) if self._merged else fresh._snapshot
                return True

    def undo_reload(self) -> None:
        """Go back to what was in force before the last reload, as something refuses the new settings."""
        with self._lock:
            if self._before_reload is not None:
                self._snapshot, self._before_reload = self._before_reload, None

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
        entry = self._snapshot.entry(key)
        if entry.plain and not self._options:
            for name in entry.variables:
                if variable(name) is not None:
                    break
            else:
                return default if entry.raw is ABSENT or entry.raw is None else entry.raw

        value = self._view().read(key)
        return default if value is ABSENT else value

    def origin(self, key: str) -> str | None:
        """Tell where the value of ``key`` comes from: a file and line, a variable, the command line.

        Args:
            key: Dotted path, in any spelling.

        Returns:
            The name of the source; None when there is no value.
        """
        return self._view().origin(key)

    def get_section(self, prefix: str) -> dict[str, Any]:
        """Return a copy of the settings under ``prefix`` as they are written; empty when there are none."""
        node = self._snapshot.find(prefix) if prefix else self._snapshot.tree
        return clone(node) if isinstance(node, Mapping) else {}

    def effective_section(self, prefix: str) -> dict[str, Any]:
        """Return the settings under ``prefix`` as they apply, placeholders and environment included.

        Variables under the prefix that override no known key are added, one segment per word.
        """
        return self._view().effective(self.get_section(prefix), prefix)

    def effective_dict(self) -> dict[str, Any]:
        """Return all settings as they apply; one whose placeholder names nothing stays as it is written."""
        return self._view().tree()

    def effective_leaves(self) -> dict[str, Any]:
        """Return all settings as they apply, by dotted key; what is no mapping is one value."""
        return self._view().leaves()

    def to_dict(self) -> dict[str, Any]:
        """Return a copy of all settings as they are written."""
        return self.get_section("")

    def bind(self, cls: type[T]) -> T:
        """Create an instance of a class that is marked with ``config_properties``.

        Raises:
            ValueError: If the class has no such mark.
            BindingError: If values do not fit the fields; it names all of them.
        """
        # What reads types is a third of this package, and is not needed to import an application.
        from pyfly.config._binding.binder import bind_section

        prefix = getattr(cls, "__pyfly_config_prefix__", None)
        if prefix is None:
            raise ConfigurationError(f"{cls.__qualname__} is not decorated with @config_properties")

        view = self._view()
        section = view.snapshot.find(prefix) if prefix else view.snapshot.tree
        return bind_section(cls, section, prefix, view.resolved, view.snapshot.origin, view.settings())

    def resolve_placeholders(self, text: str) -> Any:
        """Fill in the placeholders of ``text``; a single placeholder gives the setting with its type.

        Raises:
            UnresolvedPlaceholderError: If a placeholder without a default names nothing.
            CircularPlaceholderError: If a setting refers to itself.
        """
        return self._view().filled(text)

    def property_sources(self) -> list[dict[str, Any]]:
        """Return all sources with their settings, highest first, secrets hidden.

        Each is ``{"name": ..., "properties": {key: {"value": ..., "origin": ...}}}``. Above the others are
        ``commandLine`` and ``systemEnvironment``, with the variables under their own names, if they say
        anything.
        """
        options = {
            option.key: {"value": mask_value(option.key, option.text), "origin": option.source}
            for option in self._options.values()
        }
        variables = {
            name: {"value": mask_value(name, text), "origin": "System Environment Property"}
            for name, text in sorted(environment().items())
        }
        above = (("commandLine", options), ("systemEnvironment", variables))
        views = [{"name": name, "properties": properties} for name, properties in above if properties]
        for source in reversed(self._snapshot.sources):
            properties = {
                key: {"value": masked(key, value), "origin": _origin(source, key)}
                for key, value in leaves(source.data)
            }
            views.append({"name": source.name, "properties": properties})

        return views

    def mask_value(self, key: str, value: Any) -> Any:
        """Return ``value`` as it may be shown: hidden under a secret key, else without passwords."""
        return mask_value(key, value)

    def _view(self) -> View:
        return View(self._snapshot, self._options, self._told)


def _origin(source: Source, key: str) -> str:
    return source.place(key) if source.contributors else source.name

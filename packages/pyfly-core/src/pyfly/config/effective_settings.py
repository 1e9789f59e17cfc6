# SPDX-License-Identifier: Apache-2.0
"""Every setting as it applies: its value, where that comes from, and whether somebody has changed it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pyfly.config._environment import split
from pyfly.config._keys.keys import ANY_NAME, ITEM
from pyfly.config._masking import MASK, masked
from pyfly.config._names import canonical, variable_of, variables_of
from pyfly.config._sources.contributed import DEFAULTS_NAME
from pyfly.config._tree import leaves
from pyfly.config.conversion import parse_bool
from pyfly.config.errors import ConfigurationError
from pyfly.config.metadata import KeyMetadata, installed_keys
from pyfly.config.store import Config

__all__ = ["EffectiveSetting", "effective_settings", "is_under"]


@dataclass(frozen=True, slots=True)
class EffectiveSetting:
    """One setting.

    Attributes:
        key: The whole dotted key: as it is documented, else as it is written.
        value: Its value as it may be shown, secrets hidden; None where there is none.
        origin: The file and line, variable or option that sets it; None for the default of its class.
        default: What applies while nobody sets it, as it may be shown; None where nothing does.
        declared: Whether a class of settings has it, under this name or another.
        is_default: Whether the value is a default, of its class or one that a distribution contributes.
        changed: Whether somebody has set it to something else than its default.
    """

    key: str
    value: Any
    origin: str | None
    default: Any
    declared: bool
    is_default: bool
    changed: bool


def effective_settings(
    config: Config, keys: Iterable[KeyMetadata] | None = None
) -> tuple[EffectiveSetting, ...]:
    """Return every key that is declared or set, by key.

    The value is that of the sources, before it is bound: ``30s`` stays ``30s``. A setting that is read under
    other names too has the value of the one that is set.

    Args:
        config: The settings.
        keys: The declared keys; those of all installed distributions when omitted.
    """
    reader = _Reader(config, installed_keys() if keys is None else keys)
    return tuple(sorted(reader.read(), key=lambda setting: setting.key))


def is_under(key: str, prefix: str) -> bool:
    """Tell whether a key is a prefix or stands under it, in any spelling; ``pyfly.`` may be left out."""
    path, start = canonical(key), canonical(prefix.strip("."))
    return any(
        not it or path == it or path.startswith((f"{it}.", f"{it}[")) for it in (start, f"pyfly.{start}")
    )


@dataclass(frozen=True, slots=True)
class _Declared:
    key: str
    default: Any
    secret: bool
    aliases: tuple[str, ...] = ()


class _Reader:
    def __init__(self, config: Config, keys: Iterable[KeyMetadata]) -> None:
        self._config = config
        self._written = {
            canonical(key): (key, value)
            for key, value in leaves(config.effective_dict())
            if value is not None and value != {}
        }
        self._sources = {source["name"]: source["properties"] for source in config.property_sources()}
        contributed = self._sources.get(DEFAULTS_NAME, {})
        self._contributed = {canonical(key): entry["value"] for key, entry in contributed.items()}
        self._declared = [it for key in keys for it in self._declared_by(key)]

        self._aliases = {canonical(alias) for it in self._declared for alias in it.aliases}

    def read(self) -> Iterator[EffectiveSetting]:
        known: set[str] = set()
        variables: set[str] = set()
        for declared in self._declared:
            if canonical(declared.key) not in known:
                known.add(canonical(declared.key))
                variables.update(variables_of(declared.key))
                yield self._effective(declared)

        for path, (key, value) in self._written.items():
            if path not in known:
                known.add(path)
                variables.update(variables_of(key))
                yield self._undeclared(key, value)

        # An option tells its whole key, a variable only the words of it.
        for key, value in {**self._options(), **self._config.effective_leaves()}.items():
            if canonical(key) not in known and variable_of(key) not in variables and value not in (None, {}):
                variables.update(variables_of(key))
                yield self._undeclared(self._qualified(key), value)

    def _options(self) -> dict[str, Any]:
        return {key: self._config.get(key) for key in self._sources.get("commandLine", ())}

    def _declared_by(self, key: KeyMetadata) -> Iterator[_Declared]:
        default = key.schema.get("default")
        if key.open:
            yield from self._entries(key)
        elif ITEM not in key.key and ANY_NAME not in key.key:
            yield _Declared(key.key, default, key.secret, tuple(it.key for it in key.aliases))

    def _entries(self, key: KeyMetadata) -> Iterator[_Declared]:
        """Yield the default entries of a map; one that is set replaces them all."""
        # Defaults of maps are rare.
        import yaml

        default = None if key.default is None else yaml.safe_load(key.default)
        stem = key.key.removesuffix(ANY_NAME)
        if isinstance(default, Mapping) and not any(
            path.startswith(canonical(stem)) and path not in self._contributed for path in self._written
        ):
            for name, value in default.items():
                yield _Declared(f"{stem}{name}", value, key.secret)

    def _effective(self, declared: _Declared) -> EffectiveSetting:
        key = declared.key
        default = self._contributed.get(canonical(key), declared.default)
        found = [it for name in (key, *declared.aliases) if (it := self._found(name, default)) is not None]
        set_by_somebody = (it for it in found if not it[1].startswith(DEFAULTS_NAME))
        value, origin = next(set_by_somebody, found[0] if found else (default, None))
        is_default = origin is None or origin.startswith(DEFAULTS_NAME)
        return EffectiveSetting(
            key=key,
            value=_shown(key, value, declared.secret),
            origin=origin,
            default=_shown(key, default, declared.secret),
            declared=True,
            is_default=is_default,
            changed=not is_default and not _same(value, default),
        )

    def _undeclared(self, key: str, value: Any) -> EffectiveSetting:
        origin = self._origin(key)
        default = self._contributed.get(canonical(key))
        is_default = origin is not None and origin.startswith(DEFAULTS_NAME)
        return EffectiveSetting(
            key=key,
            value=_shown(key, value, False),
            origin=origin,
            default=default,
            declared=canonical(key) in self._aliases,
            is_default=is_default,
            changed=not is_default and not _same(value, default),
        )

    def _found(self, key: str, default: Any) -> tuple[Any, str] | None:
        """Return the value that somebody has set, and where; a null counts as not set."""
        origin = self._origin(key)
        written = self._written.get(canonical(key))
        if origin is None:
            return None

        if written is not None:
            return written[1], origin

        try:
            value = self._config.get(key)
        except ConfigurationError as error:
            # A placeholder that names nothing is for the start to report.
            return f"<{error}>", origin

        return None if value is None else (_like(default, value), origin)

    def _origin(self, key: str) -> str | None:
        # The variables of a list may be those of its items alone.
        return self._config.origin(key) or self._config.origin(f"{key}[0]")

    def _qualified(self, key: str) -> str:
        # A variable does not tell whether its key starts with `pyfly.`.
        section = f"pyfly.{key.partition('.')[0]}."
        return f"pyfly.{key}" if any(it.key.startswith(section) for it in self._declared) else key


def _shown(key: str, value: Any, secret: bool) -> Any:
    # A truth value gives nothing away, whatever its key is called.
    if value is None or isinstance(value, bool):
        return value

    return MASK if secret else masked(key, value)


def _like(default: Any, value: Any) -> Any:
    """Read the text of a variable as the type of the default; what does not fit stays text."""
    if not isinstance(value, str) or default is None or isinstance(default, str):
        return value

    try:
        if isinstance(default, bool):
            return parse_bool(value)

        return split(value) if isinstance(default, list) else type(default)(value)
    except (TypeError, ValueError):
        return value


def _same(value: Any, default: Any) -> bool:
    return bool(value == default or str(value) == str(default))

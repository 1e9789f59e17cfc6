# SPDX-License-Identifier: Apache-2.0
"""Dataclasses, read field by field."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cached_property
from typing import Any, get_type_hints

from pyfly.config._names import canonical
from pyfly.config._shapes import Shape, content_of
from pyfly.config._site import REJECTED, Site
from pyfly.config._tree import ABSENT
from pyfly.config.errors import ConfigurationError


def hints_of(cls: type) -> dict[str, Any]:
    """Return the annotations of ``cls`` as types."""
    try:
        return get_type_hints(cls, include_extras=True)
    except (NameError, TypeError) as error:
        raise ConfigurationError(f"Cannot read the annotations of {cls.__qualname__}: {error}") from error


def section_of(raw: Any, at: Site) -> Any:
    """Return the mapping for a structured value; ABSENT when neither it nor a variable below it is there.

    A key with nothing under it stands for an empty mapping.
    """
    value = at.resolved(raw) if isinstance(raw, str) else content_of(raw)
    if value is ABSENT:
        return {} if at.has_settings_below() else ABSENT

    return {} if value is None else value


class Spellings:
    """The keys of one mapping, found by any relaxed spelling."""

    def __init__(self, section: Mapping[Any, Any]) -> None:
        self._section = section
        self._keys = {canonical(str(key)): key for key in section}

    def find(self, name: str) -> tuple[str, Any]:
        """Return the key as written and its value; the customary spelling and ABSENT when there is none."""
        if name in self._section:
            return name, self._section[name]

        key = self._keys.get(canonical(name), ABSENT)
        return (name.replace("_", "-"), ABSENT) if key is ABSENT else (str(key), self._section[key])


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    shape: Shape
    required: bool


class Record(Shape):
    """An instance of a dataclass; keys that are no field of it are left alone."""

    expected = "a mapping"
    takes_empty_text = False

    def __init__(self, cls: type, shape_of: Callable[[Any], Shape]) -> None:
        self._cls: Any = cls
        self._shape_of = shape_of

    @cached_property
    def _fields(self) -> tuple[_Field, ...]:
        hints = hints_of(self._cls)
        return tuple(
            _Field(
                field.name,
                self._shape_of(hints[field.name]),
                field.default is MISSING and field.default_factory is MISSING,
            )
            for field in fields(self._cls)
            if field.init
        )

    def read(self, raw: Any, at: Site) -> Any:
        section = section_of(raw, at)
        if section is ABSENT or isinstance(section, self._cls):
            return section

        if not isinstance(section, Mapping):
            return at.reject(self.expected, raw)

        return self.build(section, at, optional=raw is ABSENT)

    def build(self, section: Mapping[Any, Any], at: Site, *, optional: bool = False) -> Any:
        """Create the instance; ABSENT when it is optional and nothing of it is configured."""
        spellings = Spellings(section)
        values: dict[str, Any] = {}
        missing: list[tuple[Site, _Field]] = []
        for field in self._fields:
            key, raw = spellings.find(field.name)
            site = at.child(key)
            found = field.shape.read(raw, site)
            if found is not ABSENT:
                values[field.name] = found
            elif field.required:
                missing.append((site, field))

        if optional and not values:
            return ABSENT

        for site, field in missing:
            site.missing(field.shape.expected)

        if missing or any(value is REJECTED for value in values.values()):
            return REJECTED

        return self._create(values, at)

    def _create(self, values: dict[str, Any], at: Site) -> Any:
        try:
            return self._cls(**values)
        except (ValueError, TypeError) as error:
            at.run.cause = error
            return at.reject(f"values that {self._cls.__qualname__} accepts ({error})", values)

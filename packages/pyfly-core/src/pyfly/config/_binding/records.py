# SPDX-License-Identifier: Apache-2.0
"""Dataclasses, read field by field."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, Field, dataclass, fields
from functools import cached_property
from typing import Any, get_type_hints

from pyfly.config._binding.constraints import Unsupported
from pyfly.config._binding.faults import report_refusal
from pyfly.config._binding.sections import Spellings, key_of, section_of
from pyfly.config._binding.shapes import Shape, read_part
from pyfly.config._binding.site import REJECTED, Site
from pyfly.config._tree import ABSENT
from pyfly.config.errors import ConfigurationError, UnsupportedConstraintError


def hints_of(cls: type) -> dict[str, Any]:
    """Return the annotations of ``cls`` as types."""
    try:
        return get_type_hints(cls, include_extras=True)
    except (NameError, TypeError) as error:
        raise ConfigurationError(f"Cannot read the annotations of {cls.__qualname__}: {error}") from error


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    key: str
    shape: Shape
    required: bool


class Record(Shape):
    """An instance of a dataclass; keys that are no field of it are left alone."""

    expected = "a mapping"
    takes_empty_text = False
    secret = False

    def __init__(self, cls: type, shape_of: Callable[[Any], Shape]) -> None:
        self._cls: Any = cls
        self._shape_of = shape_of

    @cached_property
    def _fields(self) -> tuple[_Field, ...]:
        hints = hints_of(self._cls)
        return tuple(
            _Field(
                field.name,
                key_of(field.name),
                self._shape(field, hints[field.name]),
                field.default is MISSING and field.default_factory is MISSING,
            )
            for field in fields(self._cls)
            if field.init
        )

    def _shape(self, field: "Field[Any]", hint: Any) -> Shape:
        if type(field.default).__name__ == "FieldInfo":
            raise UnsupportedConstraintError(
                self._cls.__qualname__,
                field.name,
                repr(field.default),
                "on a dataclass it belongs into the annotation, Annotated[..., Field(...)]",
            )

        try:
            return self._shape_of(hint)
        except Unsupported as error:
            raise UnsupportedConstraintError(
                self._cls.__qualname__, field.name, error.constraint, error.reason
            ) from None

    def parts(self) -> Iterable[Shape]:
        return [field.shape for field in self._fields]

    def part_names(self) -> Sequence[str]:
        return [field.key for field in self._fields]

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
            key, raw = spellings.find(field.key)
            site = at.child(key)
            found = read_part(field.shape, raw, site)
            if found is not ABSENT:
                values[field.name] = found
            elif field.required:
                missing.append((site, field))

        if optional and not values:
            return ABSENT

        for site, field in missing:
            lookalike = spellings.lookalike(field.key, [other.key for other in self._fields])
            site.missing(field.shape.expected, None if lookalike is None else at.child(lookalike).key)

        if missing or any(value is REJECTED for value in values.values()):
            return REJECTED

        return self._create(values, at)

    def _create(self, values: dict[str, Any], at: Site) -> Any:
        try:
            return self._cls(**values)
        except (ValueError, TypeError) as error:
            return report_refusal(self._cls, error, values, at)

# SPDX-License-Identifier: Apache-2.0
"""Pydantic models: their keys are found here, their values are judged by pydantic."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pyfly.config._records import Spellings, section_of
from pyfly.config._shapes import Shape
from pyfly.config._site import REJECTED, Site
from pyfly.config._tree import ABSENT


def is_model(cls: Any) -> bool:
    """Tell whether ``cls`` is a pydantic model, without importing pydantic for the answer."""
    pydantic = sys.modules.get("pydantic")
    return pydantic is not None and isinstance(cls, type) and issubclass(cls, pydantic.BaseModel)


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    spellings: tuple[str, ...]
    target: str
    shape: Shape


class Document(Shape):
    """The input of a model: its fields under the names the model validates, other keys as they are."""

    expected = "a mapping"
    takes_empty_text = False

    def __init__(self, cls: Any, shape_of: Callable[[Any], Shape]) -> None:
        self._cls = cls
        self._shape_of = shape_of

    @cached_property
    def _fields(self) -> tuple[_Field, ...]:
        found = []
        for name, info in self._cls.model_fields.items():
            aliases = _aliases(info.validation_alias or info.alias)
            target = aliases[0] if aliases else name
            found.append(_Field(name, (name, *aliases), target, self._shape_of(info.annotation)))

        return tuple(found)

    def read(self, raw: Any, at: Site) -> Any:
        section = section_of(raw, at)
        if not isinstance(section, Mapping):
            return section

        document = self.collect(section, at)
        return ABSENT if raw is ABSENT and not document else document

    def collect(self, section: Mapping[Any, Any], at: Site) -> dict[str, Any]:
        """Return the values of ``section`` and of the environment, ready for validation."""
        spellings = Spellings(section)
        document: dict[str, Any] = {}
        used: set[str] = set()
        for field in self._fields:
            for spelling in field.spellings:
                key, raw = spellings.find(spelling)
                value = field.shape.read(raw, at.child(key))
                if value is not ABSENT:
                    document[field.target] = value
                    used.add(key)
                    break

        for key, raw in section.items():
            if str(key) not in used:
                document.setdefault(str(key), at.child(key).resolved(raw))

        return document


class Model(Shape):
    """An instance of a pydantic model."""

    expected = "a mapping"
    takes_empty_text = False

    def __init__(self, cls: Any, shape_of: Callable[[Any], Shape]) -> None:
        self._cls = cls
        self._document = Document(cls, shape_of)

    def read(self, raw: Any, at: Site) -> Any:
        section = section_of(raw, at)
        if section is ABSENT or isinstance(section, self._cls):
            return section

        if not isinstance(section, Mapping):
            return at.reject(self.expected, raw)

        document = self._document.collect(section, at)
        return ABSENT if raw is ABSENT and not document else self._validate(document, at)

    def _validate(self, document: dict[str, Any], at: Site) -> Any:
        from pydantic import ValidationError

        try:
            return self._cls.model_validate(document)
        except ValidationError as error:
            for fault in error.errors(include_url=False, include_context=False):
                _report(fault, at)

            at.run.cause = error
            return REJECTED


def external(cls: Any) -> Callable[[Any], Any]:
    """Return the reader of a type that only pydantic knows how to read, such as ``SecretStr``."""
    from pydantic import TypeAdapter

    return TypeAdapter(cls).validate_python


def _aliases(alias: Any) -> tuple[str, ...]:
    if isinstance(alias, str):
        return (alias,)

    return tuple(choice for choice in getattr(alias, "choices", ()) if isinstance(choice, str))


def _report(fault: Mapping[str, Any], at: Site) -> None:
    place = at
    for part in fault["loc"]:
        place = place.item(part) if isinstance(part, int) else place.child(part.replace("_", "-"))

    message = str(fault["msg"])
    rule = message.removeprefix("Input should be ")
    expected = rule if rule != message else f"a value that is accepted ({message})"
    if fault["type"] == "missing":
        place.missing("a value (Field required)")
    else:
        place.reject(expected, place.text() or fault["input"])

# SPDX-License-Identifier: Apache-2.0
"""What pydantic is given to judge: the fields of a model under the names it validates."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple, get_args, get_origin

from pyfly.config._binding.collections import Series, Table
from pyfly.config._binding.sections import Spellings, key_of, section_of
from pyfly.config._binding.shapes import Shape, content_of, read_part
from pyfly.config._binding.site import REJECTED, Site
from pyfly.config._tree import ABSENT


def is_validated(cls: Any) -> bool:
    """Tell whether ``cls`` is a model or dataclass of pydantic, without importing pydantic for the answer."""
    return "pydantic" in sys.modules and isinstance(cls, type) and hasattr(cls, "__pydantic_validator__")


class DocumentField(NamedTuple):
    """A field: its names in the configuration, and the one that pydantic looks for."""

    spellings: tuple[str, ...]
    target: str
    shape: Shape


class Document(Shape):
    """The input of a model: its fields under the names the model validates, other keys as they are."""

    expected = "a mapping"
    takes_empty_text = False
    secret = False

    def __init__(self, cls: Any, shape_of: Callable[[Any], Shape]) -> None:
        self.cls = cls
        self._shape_of = shape_of

    @cached_property
    def fields(self) -> tuple[DocumentField, ...]:
        found = []
        for name, info in self.cls.__pydantic_fields__.items():
            aliases = _aliases(info.validation_alias or info.alias)
            target = aliases[0] if aliases else name
            spellings = dict.fromkeys((key_of(name), name, *aliases))
            found.append(DocumentField(tuple(spellings), target, self._shape_of(info.annotation)))

        return tuple(found)

    @cached_property
    def tags(self) -> Mapping[str, tuple[Any, ...]]:
        """The values that fields accept which accept only a few."""
        annotations = {name: info.annotation for name, info in self.cls.__pydantic_fields__.items()}
        return {
            name: get_args(annotation)
            for name, annotation in annotations.items()
            if get_origin(annotation) is Literal
        }

    def parts(self) -> Iterable[Shape]:
        return [field.shape for field in self.fields]

    def part_names(self) -> Sequence[str]:
        return [spelling for field in self.fields for spelling in field.spellings]

    def read(self, raw: Any, at: Site) -> Any:
        section = section_of(raw, at)
        if not isinstance(section, Mapping):
            return section

        document = self.collect(section, at)
        return ABSENT if raw is ABSENT and not document else document

    def collect(self, section: Mapping[Any, Any], at: Site) -> dict[str, Any]:
        """Return the values of ``section`` and of the environment, ready for validation.

        A field whose value is rejected here is left out.
        """
        spellings = Spellings(section)
        document: dict[str, Any] = {}
        used: set[str] = set()
        for field in self.fields:
            for spelling in field.spellings:
                key, raw = spellings.find(spelling)
                value = read_part(field.shape, raw, at.child(key))
                if value is not ABSENT:
                    document.update({} if value is REJECTED else {field.target: value})
                    used.add(key)
                    break

        for key, raw in spellings.entries():
            if key not in used:
                document.setdefault(key, at.child(key).resolved(raw))

        return document


@dataclass(frozen=True, slots=True)
class Alternatives(Shape):
    """A value of one of several shapes; pydantic chooses, and its keys are read as those of the likeliest."""

    members: tuple[Shape, ...]
    plain: Shape | None
    expected: str
    takes_empty_text: bool
    secret: bool

    def read(self, raw: Any, at: Site) -> Any:
        value = at.resolved(raw) if isinstance(raw, str) else raw
        shape = self.likeliest(value, at)
        return ABSENT if shape is None else shape.read(raw, at)

    def likeliest(self, value: Any, at: Site) -> Shape | None:
        """Return the member whose values look most like this one."""
        if isinstance(value, list):
            return next((member for member in self.members if isinstance(member, Series)), self.plain)

        below = value is ABSENT and at.text() is None and at.has_settings_below()
        if isinstance(value, Mapping) or below:
            return self._structured({} if below else value, at)

        return self.plain or self.members[0]

    def named(self, tag: str, value: Any, at: Site) -> Shape | None:
        """Return the member that pydantic calls by ``tag``, in the place of an error."""
        for member in self.members:
            if isinstance(member, Document):
                values = [
                    str(getattr(option, "value", option)) for each in member.tags.values() for option in each
                ]
                if tag == member.cls.__name__ or tag in values:
                    return member

            if isinstance(member, Series | Table) and "[" in tag:
                return member

        return self.likeliest(value, at)

    def parts(self) -> Iterable[Shape]:
        return self.members

    def _structured(self, section: Mapping[Any, Any], at: Site) -> Shape | None:
        documents = [member for member in self.members if isinstance(member, Document)]
        table = next((member for member in self.members if isinstance(member, Table)), None)
        spellings = Spellings(section)
        return max(
            documents, key=lambda document: _likeness(document, spellings, at), default=table or self.plain
        )


def _likeness(document: Document, spellings: Spellings, at: Site) -> tuple[bool, int]:
    """Tell whether the values that set models apart are this one's, and how many keys are."""
    fits = all(_tag(name, spellings, at) in (ABSENT, *options) for name, options in document.tags.items())
    found = [spelling for spelling in document.part_names() if spellings.find(spelling)[1] is not ABSENT]
    return fits, len(found)


def _tag(name: str, spellings: Spellings, at: Site) -> Any:
    key, raw = spellings.find(name)
    site = at.child(key)
    return content_of(site.text() or raw)


def _aliases(alias: Any) -> tuple[str, ...]:
    if isinstance(alias, str):
        return (alias,)

    return tuple(choice for choice in getattr(alias, "choices", ()) if isinstance(choice, str))

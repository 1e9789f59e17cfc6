# SPDX-License-Identifier: Apache-2.0
"""Pydantic models: their keys are found here, their values are judged by pydantic."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from pyfly.config._binding.faults import report_faults
from pyfly.config._binding.model_input import Document
from pyfly.config._binding.sections import section_of
from pyfly.config._binding.shapes import Shape
from pyfly.config._binding.site import REJECTED, Site
from pyfly.config._tree import ABSENT


class Model(Shape):
    """An instance of a pydantic model."""

    expected = "a mapping"
    takes_empty_text = False
    secret = False

    def __init__(self, cls: Any, shape_of: Callable[[Any], Shape]) -> None:
        self._cls = cls
        self._document = Document(cls, shape_of)

    def parts(self) -> Iterable[Shape]:
        return (self._document,)

    def part_names(self) -> Sequence[str]:
        return self._document.part_names()

    def read(self, raw: Any, at: Site) -> Any:
        section = section_of(raw, at)
        if section is ABSENT or isinstance(section, self._cls):
            return section

        if not isinstance(section, Mapping):
            return at.reject(self.expected, raw)

        before = len(at.run.problems.found)
        document = self._document.collect(section, at)
        if raw is ABSENT and not document:
            return ABSENT

        found = self._validated(document, section, at)
        return REJECTED if len(at.run.problems.found) > before else found

    def _validated(self, document: dict[str, Any], section: Mapping[Any, Any], at: Site) -> Any:
        from pydantic_core import ValidationError

        try:
            return self._cls.__pydantic_validator__.validate_python(document)
        except ValidationError as error:
            return report_faults(error, self._document, document, section, at)


def external(cls: Any) -> Callable[[Any], Any]:
    """Return the reader of a type that only pydantic knows how to read, such as ``SecretStr``."""
    from pydantic import TypeAdapter

    return TypeAdapter(cls).validate_python

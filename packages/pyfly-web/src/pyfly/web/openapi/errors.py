# SPDX-License-Identifier: Apache-2.0
"""Error answers in the document."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from pyfly.web.openapi.schemas import Schemas, Wanted
from pyfly.web.problems import PROBLEM_JSON

_NAMES: Final = {"400": "BadRequest", "default": "Error"}
_TEXTS: Final = {"400": "Bad Request", "422": "Validation Error", "default": "Any other error"}


@dataclass(frozen=True, slots=True)
class ErrorForm:
    """How errors are answered.

    Attributes:
        media_type: The media type of error answers.
        load: Returns their type, and their type for input that breaks rules. Both are models, which only the
            document needs: they are not made before.
    """

    media_type: str
    load: Callable[[], tuple[type, type]]

    @property
    def general(self) -> type:
        """The type of any error answer."""
        return self.load()[0]

    @property
    def validation(self) -> type:
        """The type of an answer to input that breaks rules."""
        return self.load()[1]

    def wanted(self) -> Iterator[Wanted]:
        """Yield the types whose schemas are needed."""
        yield self.general, "serialization"
        yield self.validation, "serialization"

    def content(self, schemas: Schemas, *, validation: bool = False) -> dict[str, Any]:
        """Return the content of an error answer."""
        schema = schemas.of(self.validation if validation else self.general, "serialization")
        return {self.media_type: {"schema": schema}}

    def response(self, key: str, schemas: Schemas) -> dict[str, Any]:
        """Return what stands below ``400``, ``422`` or ``default`` of an operation."""
        if key in _NAMES:
            return {"$ref": f"#/components/responses/{_NAMES[key]}"}

        return {"description": _TEXTS[key], "content": self.content(schemas, validation=True)}

    def shared(self, schemas: Schemas) -> dict[str, Any]:
        """Return the answers that operations refer to, by name."""
        return {
            name: {"description": _TEXTS[key], "content": self.content(schemas)}
            for key, name in _NAMES.items()
        }


def _problem_documents() -> tuple[type, type]:
    from pyfly.web.openapi.problem_schemas import HTTPValidationError, Problem

    return Problem, HTTPValidationError


def _envelopes() -> tuple[type, type]:
    from pyfly.web.openapi.envelope_schemas import ErrorEnvelope, HTTPValidationError

    return ErrorEnvelope, HTTPValidationError


PROBLEM_DOCUMENTS: Final = ErrorForm(PROBLEM_JSON, _problem_documents)
ENVELOPES: Final = ErrorForm("application/json", _envelopes)

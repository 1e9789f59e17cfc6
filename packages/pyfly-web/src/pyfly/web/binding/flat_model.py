# SPDX-License-Identifier: Apache-2.0
"""Models that are filled by the texts of a query or a form."""

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import AliasChoices, BaseModel
from pydantic.fields import FieldInfo

from pyfly.web.binding.commas import comma_parts, is_comma_mark
from pyfly.web.binding.text import empty_is_none
from pyfly.web.errors import RouteDefinitionError
from pyfly.web.type_forms import element_type

Fail = Callable[[str, str], RouteDefinitionError]


class FlatModel:
    """Turn texts under names into what a model is validated from.

    Args:
        model: The model.
        fail: Makes the error for a model that cannot be filled, from problem and action.

    Attributes:
        known: The names that its fields have in a request.
        lists: Those that take every text.

    Raises:
        RouteDefinitionError: A field that is no list is marked with `CommaSeparated`.
    """

    def __init__(self, model: type[BaseModel], fail: Fail) -> None:
        fields = model.model_fields
        for name, field in fields.items():
            if _is_separated(field) and element_type(field.annotation) is None:
                raise fail(
                    f"CommaSeparated is for lists of texts, not for {model.__name__}.{name}.",
                    "Use a list type, or leave CommaSeparated out.",
                )

        self.known = _keys_where(fields, lambda field: True)
        self.lists = _keys_where(fields, lambda field: element_type(field.annotation) is not None)
        self._separated = _keys_where(fields, _is_separated)
        self._blank = _keys_where(fields, lambda field: empty_is_none(field.annotation))

    def values(self, texts: Mapping[str, list[str]]) -> dict[str, Any]:
        """Return the values for the model; unknown names are among them, for the model to judge."""
        values: dict[str, Any] = {}
        for key, given in texts.items():
            if key in self._separated:
                values[key] = comma_parts(given)
            elif key in self.lists:
                values[key] = given
            else:
                values[key] = given[-1] or (None if key in self._blank else given[-1])

        return values


def field_keys(name: str, field: FieldInfo) -> set[str]:
    """Return the names that a field of a model may have in a request."""
    alias = field.validation_alias
    choices = alias.choices if isinstance(alias, AliasChoices) else [alias]
    return {key for key in (name, field.alias, *choices) if isinstance(key, str)}


def _keys_where(fields: Mapping[str, FieldInfo], applies: Callable[[FieldInfo], bool]) -> frozenset[str]:
    return frozenset(
        key for name, field in fields.items() if applies(field) for key in field_keys(name, field)
    )


def _is_separated(field: FieldInfo) -> bool:
    return any(map(is_comma_mark, field.metadata))

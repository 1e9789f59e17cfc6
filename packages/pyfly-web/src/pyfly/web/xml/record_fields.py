# SPDX-License-Identifier: Apache-2.0
"""The fields of models, dataclasses and typed dicts."""

from collections.abc import Iterator
from dataclasses import MISSING, dataclass, fields, is_dataclass
from typing import Any, get_type_hints

from pydantic import AliasChoices, BaseModel
from pydantic.fields import FieldInfo

from pyfly.web.type_forms import is_typed_dict


@dataclass(frozen=True, slots=True)
class RecordField:
    """One field as a document shows it.

    Attributes:
        hint: Its type.
        keys: The names under which it is read.
        required: Whether it has to be there.
    """

    hint: Any
    keys: tuple[str, ...]
    required: bool


def record_fields(target: Any) -> list[RecordField] | None:
    """Return the fields of a type, or ``None`` if it is neither model, dataclass nor typed dict."""
    if is_typed_dict(target):
        return list(_of_typed_dict(target))

    if not isinstance(target, type):
        return None

    if issubclass(target, BaseModel):
        config = target.model_config
        by_name = bool(config.get("populate_by_name") or config.get("validate_by_name"))
        return [_of_field_info(name, field, by_name) for name, field in target.model_fields.items()]

    if not is_dataclass(target):
        return None

    hints = _hints(target)
    return [
        RecordField(
            hints.get(field.name, Any), (field.name,), field.default is field.default_factory is MISSING
        )
        for field in fields(target)
        if field.init
    ]


def _of_field_info(name: str, field: FieldInfo, by_name: bool) -> RecordField:
    alias = field.validation_alias
    choices = alias.choices if isinstance(alias, AliasChoices) else [alias]
    keys = [choice for choice in choices if isinstance(choice, str)]
    if by_name or not keys:
        keys.append(name)

    return RecordField(field.annotation, tuple(dict.fromkeys(keys)), field.is_required())


def _of_typed_dict(target: Any) -> Iterator[RecordField]:
    for name, hint in _hints(target).items():
        yield RecordField(hint, (name,), name in target.__required_keys__)


def _hints(target: Any) -> dict[str, Any]:
    try:
        return get_type_hints(target)
    except NameError:
        return {}  # pydantic may find the name where this does not; its validation is what counts

# SPDX-License-Identifier: Apache-2.0
"""The names of parameters in a request."""

from collections.abc import Callable
from typing import Annotated, Any, Final, get_args, get_origin

from pydantic import Field
from pydantic.fields import FieldInfo

from pyfly.web.binding.commas import is_comma_mark, is_comma_separated
from pyfly.web.errors import RouteDefinitionError
from pyfly.web.params import Body, File, Form, Header, Named, QueryParam
from pyfly.web.type_forms import bare, element_type, members, model_type, shown

Fail = Callable[[str, str], RouteDefinitionError]

_TOLD: Final = ("title", "description", "examples", "deprecated", "json_schema_extra")


def take_name(binding: Any, hint: Any, fail: Fail) -> tuple[Any, str | None]:
    """Take the name in the request, if one is declared, off a parameter's hint.

    Args:
        binding: The marker alias.
        hint: The type without markers.
        fail: Makes the error for a parameter that cannot be bound, from problem and action.

    Returns:
        The type, with its constraints, and the declared name or ``None``.

    Raises:
        RouteDefinitionError: A name, a default or ``CommaSeparated`` is where it can have no effect.
    """
    for member in members(bare(hint)):
        if any(_is_ours(item) for item in _metadata(member)):
            raise fail(
                "a name or CommaSeparated stands inside a union, where it has no effect.",
                "Put the union inside: Marker[Annotated[T | None, ...]].",
            )

    names = [item.name for item in _metadata(hint) if isinstance(item, Named)]
    for field in _fields(hint):
        alias = field.validation_alias or field.alias
        if alias is not None and not isinstance(alias, str):
            raise fail("a parameter has one name in the request.", "Give a text as its alias.")

        if not field.is_required():
            raise fail("a default in Field has no effect here.", "Give the parameter itself a default.")

        names += [alias] if alias else []

    if len(set(names)) > 1:
        raise fail(f"it is given several names: {', '.join(names)}.", "Leave one of them.")

    name = names[0] if names else None
    if name is not None:
        _check_name(binding, hint, fail)

    if is_comma_separated(hint) and (element_type(hint) is None or binding in (Body, File)):
        raise fail(
            f"CommaSeparated is for lists of texts, not for {shown(hint)}.",
            "Use a list type with a marker for text, or leave CommaSeparated out.",
        )

    return _without_name(hint), name


def lookup_name(binding: Any, declared: str | None, name: str) -> str:
    """Return the name under which a parameter is looked up in a request; empty for the body.

    Args:
        binding: The marker alias.
        declared: The declared name, if there is one.
        name: Name of the parameter.
    """
    if binding is Body:
        return ""

    if binding is Header:
        return (declared or name.replace("_", "-")).lower()

    return declared or name


def _check_name(binding: Any, hint: Any, fail: Fail) -> None:
    if binding is Body:
        raise fail("a body has no name.", "Leave the name out.")

    if binding in (QueryParam, Form) and model_type(hint) is not None:
        raise fail(
            "a model takes all values together, so it has no name.",
            "Name the fields of the model with Field(alias=...).",
        )


def _without_name(hint: Any) -> Any:
    metadata = _metadata(hint)
    if not any(isinstance(item, Named) or _alias(item) for item in metadata):
        return hint

    kept: list[Any] = []
    for item in metadata:
        if _alias(item):
            told = {key: value for key in _TOLD if (value := getattr(item, key)) is not None}
            kept += [*item.metadata, *([Field(**told)] if told else [])]
        elif not isinstance(item, Named):
            kept.append(item)

    return Annotated[(bare(hint), *kept)] if kept else bare(hint)


def _metadata(hint: Any) -> tuple[Any, ...]:
    return get_args(hint)[1:] if get_origin(hint) is Annotated else ()


def _fields(hint: Any) -> list[FieldInfo]:
    return [item for item in _metadata(hint) if isinstance(item, FieldInfo)]


def _alias(item: Any) -> Any:
    return isinstance(item, FieldInfo) and (item.validation_alias or item.alias)


def _is_ours(item: Any) -> bool:
    return isinstance(item, Named) or bool(_alias(item)) or is_comma_mark(item)

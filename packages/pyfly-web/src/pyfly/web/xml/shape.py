# SPDX-License-Identifier: Apache-2.0
"""What XML leaves open, settled by the type that a document is read into.

XML has no lists of one element or none, no difference between an empty text and nothing, and no numbers.
"""

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, Literal, get_args, get_origin

from pydantic import RootModel

from pyfly.web.type_forms import admits_none, bare, element_type, is_structured, members, without_none
from pyfly.web.xml.record_fields import RecordField, record_fields

Shape = Callable[[Any], Any]
"""Turns what a document says into what its type can be validated from."""

_ITEM = "item"


def shape_of(hint: Any) -> Shape:
    """Compile the shape of a type, for the content of the outermost element.

    Where a list is due, a single element becomes a list of one, and nothing a list of none if the list is
    required. An empty element is an empty text where a text is due and None is not. The texts of enumerations
    and literals become their values.
    """
    return _Shapes().contained(hint)


class _Shapes:
    """The shapes of one type and of those that it is made of."""

    def __init__(self) -> None:
        self._records: dict[Any, Shape] = {}

    def contained(self, hint: Any) -> Shape:
        """Return the shape of an element's content: a list is in its ``item`` elements."""
        elements = element_type(_behind_root(without_none(bare(hint))))
        if elements is None:
            return self.of(hint)

        repeated = self._repeated(elements)
        is_optional = admits_none(hint)

        def shape(value: Any) -> Any:
            if _is_blank(value):
                return None if is_optional else []

            return repeated(value[_ITEM]) if isinstance(value, dict) and value.keys() == {_ITEM} else value

        return shape

    def of(self, hint: Any) -> Shape:
        """Return the shape of an entry: a list is in repeats of the element."""
        shape = self._of_value(_behind_root(without_none(bare(hint))))
        return shape if shape is _same or not admits_none(hint) else _unless_none(shape)

    def _of_value(self, target: Any) -> Shape:
        if element_type(target) is not None:
            return self._repeated(element_type(target))

        if target in (str, bytes):
            return _text

        if len(members(target)) > 1:
            return self._one_of(target)

        fields = record_fields(target)
        if fields is not None:
            return self._record(target, fields)

        origin = get_origin(target) or target
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return self._mapping(target)

        if isinstance(target, type) and issubclass(target, Enum):
            return _by_text({str(member.value): member.value for member in target})

        if get_origin(target) is Literal:
            return _by_text({str(value): value for value in get_args(target)})

        return _same

    def _repeated(self, elements: Any) -> Shape:
        element = self.contained(elements)
        is_scalar = not is_structured(elements)
        takes_nothing = admits_none(elements) or without_none(bare(elements)) in (str, bytes)

        def shape(value: Any) -> Any:
            if isinstance(value, list):
                return [element(item) for item in value]

            if is_scalar and isinstance(value, dict) and value.keys() == {_ITEM}:
                return shape(value[_ITEM])

            if value is None and is_scalar and not takes_nothing:
                return []

            return [element(value)]

        return shape

    def _record(self, target: Any, fields: list[RecordField]) -> Shape:
        if target in self._records:
            return self._records[target]

        shapes: dict[str, Shape] = {}
        lists: list[frozenset[str]] = []

        def shape(value: Any) -> Any:
            if _is_blank(value):
                value = {}

            if not isinstance(value, dict):
                return value

            shaped = {key: shapes[key](item) if key in shapes else item for key, item in value.items()}
            for keys in lists:
                if keys.isdisjoint(shaped):
                    shaped[next(iter(keys))] = []

            return shaped

        self._records[target] = shape
        for field in fields:
            entry = self.of(field.hint)
            shapes.update(dict.fromkeys(field.keys, entry))
            if field.required and element_type(field.hint) is not None:
                lists.append(frozenset(field.keys))

        return shape

    def _one_of(self, union: Any) -> Shape:
        # Which member is meant shows only in validation, so the first one that knows a field speaks for all.
        if union in self._records:
            return self._records[union]

        shapes: dict[str, Shape] = {}
        lists: list[Shape] = []

        def shape(value: Any) -> Any:
            if isinstance(value, list) and lists:
                return lists[0](value)

            if isinstance(value, dict):
                return {key: shapes[key](item) if key in shapes else item for key, item in value.items()}

            return value

        self._records[union] = shape
        for member in members(union):
            for field in record_fields(_behind_root(bare(member))) or ():
                entry = self.of(field.hint)
                for key in field.keys:
                    shapes.setdefault(key, entry)

            if element_type(member) is not None:
                lists.append(self._repeated(element_type(member)))

        return shape

    def _mapping(self, target: Any) -> Shape:
        arguments = get_args(target)
        entry = self.of(arguments[1]) if len(arguments) == 2 else _same

        def shape(value: Any) -> Any:
            if _is_blank(value):
                return {}

            return {key: entry(item) for key, item in value.items()} if isinstance(value, dict) else value

        return shape


def _same(value: Any) -> Any:
    return value


def _unless_none(shape: Shape) -> Shape:
    return lambda value: None if value is None else shape(value)


def _text(value: Any) -> Any:
    return "" if value is None else value


def _by_text(values: Mapping[str, Any]) -> Shape:
    return lambda value: values.get(value, value) if isinstance(value, str) else value


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and value.isspace())


def _behind_root(target: Any) -> Any:
    while isinstance(target, type) and issubclass(target, RootModel):
        target = bare(target.model_fields["root"].annotation)

    return target

# SPDX-License-Identifier: Apache-2.0
"""YAML as configuration: no objects, no key twice, and the line of every key."""

from collections.abc import Mapping
from typing import Any

import yaml

from pyfly.config._sources.lines import KeyLines, Place, item_of, place_of
from pyfly.config.errors import MalformedSourceError

MAX_NODES = 1_000_000

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = "tag:yaml.org,2002:null"
_MERGE = "tag:yaml.org,2002:merge"


def read_yaml(text: str, path: str) -> list[tuple[Any, Mapping[str, int]]]:
    """Return the documents, each with the line of its keys by canonical dotted key, its own under no key.

    Raises:
        MalformedSourceError: If the text is not YAML, or not fit to be a configuration.
    """
    try:
        return _documents(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = error.problem or error.context or "not YAML"
        place = (mark.line + 1, mark.column + 1) if mark else (None, None)
        raise MalformedSourceError(path, reason, *place) from error
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        line, column = before.count("\n") + 1, error.position - before.rfind("\n")
        raise MalformedSourceError(path, error.reason, line, column) from error


def _documents(text: str) -> list[tuple[Any, Mapping[str, int]]]:
    loader = _Loader(text)
    found: list[tuple[Any, Mapping[str, int]]] = []
    nodes = 0
    try:
        while loader.check_node():
            node = loader.get_node()
            survey = _Survey()
            nodes += survey.visit(node, ())
            if nodes > MAX_NODES:
                raise _fault(node, "aliases make this document too large")

            survey.keys.lines[""] = node.start_mark.line + 1
            found.append((loader.construct_document(node), survey.keys.lines))
    finally:
        loader.dispose()

    return found


class _Loader(_Base):  # type: ignore[misc]  # its base is chosen at run time
    def construct_mapping(self, node: Any, deep: bool = False) -> dict[str, Any]:
        # Keys are taken as they are written, so that `on`, `no` and `8080` stay names.
        self.flatten_mapping(node)
        return {key.value: self.construct_object(value, deep=deep) for key, value in node.value}

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep=deep)
        except ValueError as error:
            raise _fault(node, str(error)) from error


class _Survey:
    """One walk over the nodes before anything is made of them."""

    def __init__(self) -> None:
        self.keys = KeyLines()
        self._sizes: dict[int, int | None] = {}

    def visit(self, node: Any, place: Place) -> int:
        known = self._sizes.get(id(node), 0)
        if known is None:
            raise _fault(node, "an alias refers to what contains it")

        if known:
            return known

        self._sizes[id(node)] = None
        size = 1
        if isinstance(node, yaml.MappingNode):
            size += self._mapping(node, place)
        elif isinstance(node, yaml.SequenceNode):
            size += self._sequence(node, place)

        if size > MAX_NODES:
            raise _fault(node, "aliases make this document too large")

        self._sizes[id(node)] = size
        return size

    def _mapping(self, node: Any, around: Place) -> int:
        seen: dict[str, int] = {}
        size = 0
        for key, value in node.value:
            if key.tag == _MERGE:
                # What is merged in gives way to the keys around it, so that it sets nothing twice.
                size += self.visit(value, (*around, key.value))
                continue

            if not isinstance(key, yaml.ScalarNode):
                raise _fault(key, "a key must be text")

            if key.value in seen:
                raise _fault(key, f"key {key.value!r} is already set in line {seen[key.value]}")

            seen[key.value] = line = key.start_mark.line + 1
            place = place_of(around, key.value)
            earlier = self.keys.enter(place, line, whole=_is_whole(value))
            if earlier is not None:
                raise _fault(key, f"key {'.'.join(place)!r} is already set in line {earlier}")

            size += self.visit(value, place)

        return size

    def _sequence(self, node: Any, around: Place) -> int:
        size = 0
        for index, item in enumerate(node.value):
            # A document that is a list is refused when it has been read.
            place = item_of(around or ("",), index)
            self.keys.enter(place, item.start_mark.line + 1)
            size += self.visit(item, place)

        return size


def _is_whole(value: Any) -> bool:
    return not isinstance(value, yaml.MappingNode) and value.tag != _NULL


def _fault(node: Any, reason: str) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=reason, problem_mark=node.start_mark)

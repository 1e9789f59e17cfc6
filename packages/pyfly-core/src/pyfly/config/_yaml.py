# SPDX-License-Identifier: Apache-2.0
"""YAML as configuration: no objects, no key twice, and the line of every key."""

from collections.abc import Mapping
from typing import Any

import yaml

from pyfly.config._names import canonical, join
from pyfly.config.errors import MalformedSourceError

MAX_NODES = 1_000_000

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(text: str, path: str) -> tuple[Any, Mapping[str, int]]:
    """Return the document, and the line of each of its keys by canonical dotted key.

    Raises:
        MalformedSourceError: If the text is no single YAML document, or not fit to be a configuration.
    """
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None:
            return None, {}

        survey = _Survey()
        survey.visit(node, "")
        return loader.construct_document(node), survey.lines
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = error.problem or error.context or "not YAML"
        place = (mark.line + 1, mark.column + 1) if mark else (None, None)
        raise MalformedSourceError(path, reason, *place) from error
    except yaml.reader.ReaderError as error:
        before = text[: error.position]
        line, column = before.count("\n") + 1, error.position - before.rfind("\n")
        raise MalformedSourceError(path, error.reason, line, column) from error
    finally:
        loader.dispose()


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
        self.lines: dict[str, int] = {}
        self._sizes: dict[int, int | None] = {}

    def visit(self, node: Any, path: str) -> int:
        known = self._sizes.get(id(node), 0)
        if known is None:
            raise _fault(node, "an alias refers to what contains it")

        if known:
            return known

        self._sizes[id(node)] = None
        size = 1
        if isinstance(node, yaml.MappingNode):
            size += self._mapping(node, path)
        elif isinstance(node, yaml.SequenceNode):
            size += sum(self.visit(item, f"{path}[{index}]") for index, item in enumerate(node.value))

        if size > MAX_NODES:
            raise _fault(node, "aliases make this document too large")

        self._sizes[id(node)] = size
        return size

    def _mapping(self, node: Any, path: str) -> int:
        seen: dict[str, int] = {}
        size = 0
        for key, value in node.value:
            if key.tag == "tag:yaml.org,2002:merge":
                size += self.visit(value, path)
                continue

            if not isinstance(key, yaml.ScalarNode):
                raise _fault(key, "a key must be text")

            if key.value in seen:
                raise _fault(key, f"key {key.value!r} is already set in line {seen[key.value]}")

            seen[key.value] = key.start_mark.line + 1
            place = join(path, key.value)
            self.lines.setdefault(canonical(place), key.start_mark.line + 1)
            size += self.visit(value, place)

        return size


def _fault(node: Any, reason: str) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=reason, problem_mark=node.start_mark)

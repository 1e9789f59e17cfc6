# SPDX-License-Identifier: Apache-2.0
"""Flat settings made nested: ``servers[0].url`` becomes a mapping within a list."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

MAX_ITEMS = 10_000

_INDEXED = re.compile(r"([^\[\]]+)((?:\[\d{1,9}\])+)")
_INDEX = re.compile(r"\[(\d+)\]")


class _Items(dict[Any, Any]):
    """The items of a list by their index, until all are known."""


def unflatten(data: Mapping[str, Any], conflict: Callable[[str], object]) -> dict[str, Any]:
    """Make dotted keys of the outermost level nested; deeper keys are the user's own.

    Items that leave a gap, or are more than 10,000, become a mapping by their index: whoever sends the
    settings does not decide how long a list becomes.

    Args:
        data: The settings.
        conflict: Is told each key that has a value as well as a subtree; the subtree wins.
    """
    tree: dict[Any, Any] = {}
    for key, value in data.items():
        _insert(tree, _steps(str(key)), value, partial(conflict, str(key)))

    return {key: _settled(value) for key, value in tree.items()}


def _steps(key: str) -> list[str | int]:
    steps: list[str | int] = []
    for segment in key.split("."):
        found = _INDEXED.fullmatch(segment)
        if found is None:
            steps.append(segment)
        else:
            steps += [found[1], *map(int, _INDEX.findall(found[2]))]

    return steps


def _insert(node: dict[Any, Any], steps: Sequence[Any], value: Any, conflict: Callable[[], object]) -> None:
    *around, last = steps
    for step, following in zip(around, steps[1:], strict=True):
        inner = node.get(step)
        if not isinstance(inner, dict):
            if _is_value(inner):
                conflict()

            inner = node[step] = _Items() if isinstance(following, int) else {}

        node = inner

    present = node.get(last)
    if isinstance(value, Mapping):
        if not isinstance(present, dict):
            if _is_value(present):
                conflict()

            present = node[last] = {}

        for key, part in value.items():
            _insert(present, [key], part, conflict)

    elif not isinstance(present, dict):
        node[last] = value
    elif _is_value(value):
        conflict()


def _is_value(value: Any) -> bool:
    # An empty list or mapping is sent as empty text.
    return value is not None and value != ""


def _settled(node: Any) -> Any:
    if not isinstance(node, dict):
        return node

    if isinstance(node, _Items) and len(node) <= MAX_ITEMS and set(node) == set(range(len(node))):
        return [_settled(node[index]) for index in range(len(node))]

    return {str(key): _settled(value) for key, value in node.items()}

# SPDX-License-Identifier: Apache-2.0
"""The order in which installed auto-configurations apply."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter

from pyfly.container.exceptions import BeanCreationException
from pyfly.container.ordering import get_order


def in_order(classes: Iterable[type]) -> list[type]:
    """Sort by ``@order``, then as given, then move what ``before`` and ``after`` demand.

    Raises:
        BeanCreationException: The demands form a circle.
    """
    ranked = sorted(dict.fromkeys(classes), key=get_order)
    names = _names(ranked)
    predecessors: dict[type, set[type]] = {cls: set() for cls in ranked}
    for cls in ranked:
        for other in _known(getattr(cls, "__pyfly_auto_configuration_after__", ()), names):
            predecessors[cls].add(other)

        for other in _known(getattr(cls, "__pyfly_auto_configuration_before__", ()), names):
            predecessors[other].add(cls)

    sorter = TopologicalSorter(predecessors)
    try:
        sorter.prepare()
    except CycleError as error:
        circle = " -> ".join(cls.__name__ for cls in error.args[1])
        raise BeanCreationException(
            "startup",
            circle,
            "these auto-configurations demand to come before one another",
            action="Drop one of their `before` and `after`.",
        ) from error

    ordered: list[type] = []
    ready: list[type] = []
    while sorter.is_active():
        ready = sorted({*ready, *sorter.get_ready()}, key=ranked.index)
        first = ready.pop(0)
        ordered.append(first)
        sorter.done(first)

    return ordered


def _known(neighbours: Iterable[type | str], names: Mapping[type, frozenset[type | str]]) -> list[type]:
    wanted = set(neighbours)
    return [cls for cls, own in names.items() if wanted & own]


def _names(classes: Iterable[type]) -> dict[type, frozenset[type | str]]:
    """Return what each class may be called by: itself, its name, its dotted name, its entry point."""
    # Entry points are read with the mail parser, which is a lot to import for nothing.
    from pyfly.config._discovery import entry_names

    entries = entry_names()
    names: dict[type, frozenset[type | str]] = {}
    for cls in classes:
        value = f"{cls.__module__}:{cls.__qualname__}"
        dotted = value.replace(":", ".")
        names[cls] = frozenset((cls, cls.__name__, dotted, value, *entries.get(value, ())))

    return names

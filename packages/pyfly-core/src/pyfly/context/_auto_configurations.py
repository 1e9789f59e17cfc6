# SPDX-License-Identifier: Apache-2.0
"""The order in which installed auto-configurations apply."""

from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter

from pyfly.container.exceptions import BeanCreationException
from pyfly.container.ordering import get_order


def in_order(classes: Iterable[type]) -> list[type]:
    """Sort by ``@order``, then as given, then move what ``before`` and ``after`` demand.

    Raises:
        BeanCreationException: The demands form a circle.
    """
    ranked = sorted(dict.fromkeys(classes), key=get_order)
    predecessors: dict[type, set[type]] = {cls: set() for cls in ranked}
    for cls in ranked:
        for other in _known(getattr(cls, "__pyfly_auto_configuration_after__", ()), ranked):
            predecessors[cls].add(other)

        for other in _known(getattr(cls, "__pyfly_auto_configuration_before__", ()), ranked):
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


def _known(neighbours: Iterable[type | str], classes: list[type]) -> list[type]:
    return [cls for cls in classes if any(neighbour in _names(cls) for neighbour in neighbours)]


def _names(cls: type) -> tuple[type | str, ...]:
    return cls, cls.__name__, f"{cls.__module__}.{cls.__qualname__}", f"{cls.__module__}:{cls.__qualname__}"

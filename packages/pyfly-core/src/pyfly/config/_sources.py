# SPDX-License-Identifier: Apache-2.0
"""Where settings come from, and what they are together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pyfly.config._names import canonical
from pyfly.config._tree import Index, merge


@dataclass(frozen=True, slots=True)
class Source:
    """One layer of settings.

    Attributes:
        name: How the layer is shown.
        data: Its settings, nested.
        listed: Whether it counts among the sources that were loaded.
        lines: Line of each key in the file, by canonical dotted key.
    """

    name: str
    data: Mapping[str, Any]
    listed: bool = True
    lines: Mapping[str, int] = field(default_factory=dict)

    def has(self, key: str) -> bool:
        """Tell whether this layer sets ``key``."""
        return key in Index(dict(self.data))


class Snapshot(Index):
    """All layers at one moment, merged."""

    __slots__ = ("sources",)

    def __init__(self, sources: tuple[Source, ...]) -> None:
        merged: dict[str, Any] = {}
        for source in sources:
            merged = merge(merged, source.data)

        super().__init__(merged)
        self.sources = sources

    def origin(self, key: str) -> str | None:
        """Return the name of the layer that sets ``key``, with the line where it is known."""
        wanted = canonical(key).split("[", 1)[0]
        for source in reversed(self.sources):
            line = source.lines.get(wanted)
            if line is not None:
                return f"{source.name}, line {line}"

            if source.has(wanted):
                return source.name

        return None

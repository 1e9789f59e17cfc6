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
        lines: Line of each key in the file, by canonical dotted key; items of lists are ``key[0]``.
        file: The file it was read from, None when it was none.
        location: What it was imported from, None when it was not imported.
        contributors: Who wrote each key, by canonical dotted key, where the layer was put together.
    """

    name: str
    data: Mapping[str, Any]
    listed: bool = True
    lines: Mapping[str, int] = field(default_factory=dict)
    file: str | None = None
    location: str | None = None
    contributors: Mapping[str, str] = field(default_factory=dict)

    def index(self) -> Index:
        """Return the settings of this layer alone, to be found by dotted key."""
        return Index(dict(self.data))

    def place(self, key: str) -> str:
        """Name this layer, with the line or the contributor of ``key``, or of the nearest key around it."""
        path = canonical(key)
        while path:
            if path in self.lines:
                return f"{self.name}, line {self.lines[path]}"

            if path in self.contributors:
                return f"{self.name}, from {self.contributors[path]}"

            path = _around(path)

        return self.name


class Snapshot(Index):
    """All layers at one moment, merged."""

    __slots__ = ("_layers", "sources")

    def __init__(self, sources: tuple[Source, ...]) -> None:
        merged: dict[str, Any] = {}
        for source in sources:
            merged = merge(merged, source.data)

        super().__init__(merged)
        self.sources = sources
        self._layers: dict[int, Index] = {}

    def origin(self, key: str) -> str | None:
        """Return the name of the layer that sets ``key``, with the line where it is known.

        An item of a list comes from the layer that sets the list.
        """
        path = self.written(key)
        if path is None:
            return None

        for position in reversed(range(len(self.sources))):
            own = self._layer(position).written(path)
            if own is not None:
                return self.sources[position].place(own)

        return None

    def _layer(self, position: int) -> Index:
        layer = self._layers.get(position)
        if layer is None:
            layer = self._layers[position] = self.sources[position].index()

        return layer


def _around(path: str) -> str:
    return path[: max(path.rfind("."), path.rfind("["), 0)]

# SPDX-License-Identifier: Apache-2.0
"""The mapping that a structured value is read from, and its keys."""

from collections.abc import Iterator, Mapping, Sequence
from keyword import iskeyword
from typing import Any

from pyfly.config._binding.shapes import content_of
from pyfly.config._binding.site import Site
from pyfly.config._names import canonical
from pyfly.config._tree import ABSENT, expand


def section_of(raw: Any, at: Site) -> Any:
    """Return the mapping for a structured value; ABSENT when neither it nor a variable below it is there.

    A key with nothing under it stands for an empty mapping.
    """
    value = at.resolved(raw) if isinstance(raw, str) else content_of(raw)
    if value is ABSENT:
        return {} if at.has_settings_below() else ABSENT

    return {} if value is None else value


def key_of(name: str) -> str:
    """Return the key of a field: its name, without the ``_`` that sets it apart from a word of Python."""
    return name[:-1] if name.endswith("_") and iskeyword(name[:-1]) else name


class Spellings:
    """The keys of one mapping, found in any spelling; dotted and indexed keys stand for nested ones."""

    __slots__ = ("_keys", "_section")

    def __init__(self, section: Mapping[Any, Any]) -> None:
        keys = list(map(str, section))
        if "." in (written := "".join(keys)) or "[" in written:
            section = expand(section)
            keys = list(map(str, section))

        self._section = section
        self._keys = dict(zip(map(canonical, keys), section, strict=True))

    def find(self, name: str) -> tuple[str, Any]:
        """Return the key as written and its value; the customary spelling and ABSENT when there is none."""
        if name in self._section:
            return name, self._section[name]

        key = self._keys.get(canonical(name), ABSENT)
        return (name.replace("_", "-"), ABSENT) if key is ABSENT else (str(key), self._section[key])

    def entries(self) -> Iterator[tuple[str, Any]]:
        """Return all keys as written, with their values."""
        return ((str(key), value) for key, value in self._section.items())

    def lookalike(self, name: str, names: Sequence[str]) -> str | None:
        """Return the key most like ``name`` that is none of ``names``, None when there is none like it."""
        # Only somebody who mistypes a key pays for the comparison.
        from difflib import get_close_matches

        known = set(map(canonical, names))
        candidates = [key for key in self._keys if key not in known]
        close = get_close_matches(canonical(name), candidates, 1, 0.6)
        return str(self._keys[close[0]]) if close else None

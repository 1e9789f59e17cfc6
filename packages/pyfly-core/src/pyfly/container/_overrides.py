# SPDX-License-Identifier: Apache-2.0
"""Replacing beans for a while."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from pyfly.container._catalog import Catalog
from pyfly.container._linker import Linker
from pyfly.container._needs import BeanNeed
from pyfly.container._type_names import type_name
from pyfly.container.exceptions import BeanCreationException
from pyfly.container.registry import Registration


class Overrides(AbstractContextManager[None]):
    """Stand-ins for some beans, from entry to exit."""

    def __init__(
        self, catalog: Catalog, linker: Linker, changed: Callable[[], None], replacements: Mapping[Any, Any]
    ) -> None:
        self._catalog = catalog
        self._linker = linker
        self._changed = changed
        self._replacements = dict(replacements)
        self._set_aside: dict[Registration, Any] = {}
        self._stand_ins: set[Registration] = set()

    def __enter__(self) -> None:
        taken = self._catalog.replaced_types & self._replacements.keys()
        if taken:
            names = ", ".join(sorted(map(type_name, taken)))
            raise BeanCreationException(
                "override", names, "the type is already overridden by an enclosing block"
            )

        stale = {
            definition
            for kind in self._replacements
            for definition in self._catalog.candidates(BeanNeed(kind))
        }
        for holder in self._linker.holders(stale):
            if holder.instance is not None:
                self._set_aside[holder] = holder.instance
                holder.instance = None

        for kind, replacement in self._replacements.items():
            made = isinstance(replacement, type)
            definition = Registration(
                replacement if made else type(replacement), instance=None if made else replacement
            )
            definition.ready_made = not made
            self._catalog.replace(kind, definition)
            self._stand_ins.add(definition)

        self._changed()

    def __exit__(self, *exc_info: object) -> None:
        for holder in self._linker.holders(self._stand_ins):
            holder.instance = None

        for kind in self._replacements:
            self._catalog.restore(kind)

        for holder, instance in self._set_aside.items():
            holder.instance = instance

        self._set_aside.clear()
        self._stand_ins.clear()
        self._changed()

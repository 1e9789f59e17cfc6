# SPDX-License-Identifier: Apache-2.0
"""What a change of settings concerns."""

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pyfly.config._names import join, variable_of
from pyfly.config.store import Config
from pyfly.config.value import Value
from pyfly.container.container import Container
from pyfly.container.refresh_scope import REFRESH_SCOPE_NAME
from pyfly.container.registry import Registration
from pyfly.context.environment import Environment

# Who holds one of these may read any setting at any time.
_READERS = (Config, Environment, Container)


class Changes:
    """The keys whose values are not what they were.

    Args:
        before: All settings by dotted key.
        after: The same, later.
        fields: Keys that are known to have changed besides.
    """

    def __init__(self, before: Mapping[str, Any], after: Mapping[str, Any], fields: Iterable[str]) -> None:
        differing = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
        known = {variable_of(key) for key in differing}
        self.keys = sorted(differing | {key for key in fields if variable_of(key) not in known})
        # The name of the variable is what all spellings of a key share.
        self._variables = {variable_of(key) for key in self.keys}

    def touch(self, key: str) -> bool:
        """Tell whether ``key``, or anything below it, has changed."""
        variable = variable_of(key)
        return any(name == variable or name.startswith(variable + "_") for name in self._variables)

    def spared(self, container: Container) -> set[str]:
        """Return the keys of the refresh-scoped beans whose settings are known and have not changed."""
        return {
            definition.key
            for definition in container.registrations()
            if definition.scope == REFRESH_SCOPE_NAME and self._spares(definition, container)
        }

    def _spares(self, definition: Registration, container: Container) -> bool:
        needed, markers = container.ingredients_of(definition)
        types = [other.impl_type for other in needed]
        if any(issubclass(cls, _READERS) for cls in types):
            return False

        keys = [key for marker in markers if isinstance(marker, Value) for key in marker.keys]
        keys += [vars(cls)[_PREFIX] for cls in types if _PREFIX in vars(cls)]
        # A bean that is made from no settings is refreshed for a reason that nobody can tell from here.
        return bool(keys) and not any(map(self.touch, keys))


_PREFIX = "__pyfly_config_prefix__"


def changed_fields(old: Any, new: Any, key: str) -> Iterator[str]:
    """Return the keys of the fields of two bound objects of one class whose values differ."""
    before, after = fields_of(old), fields_of(new)
    if not before and not after:
        if old != new:
            yield key

        return

    for name in before.keys() | after.keys():
        if before.get(name) != after.get(name):
            place = join(key, name.rstrip("_").replace("_", "-"))
            yield from changed_fields(before.get(name), after.get(name), place)


def fields_of(bound: Any) -> dict[str, Any]:
    """Return the values of the fields of a bound object, nothing for any other value."""
    if dataclasses.is_dataclass(bound):
        return {field.name: getattr(bound, field.name, None) for field in dataclasses.fields(bound)}

    return {name: getattr(bound, name) for name in getattr(type(bound), "model_fields", ())}

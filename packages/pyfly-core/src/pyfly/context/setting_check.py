# SPDX-License-Identifier: Apache-2.0
"""The settings of an application, held against the code that may read them."""

from collections.abc import Iterable

from pyfly.config.key_check import check_keys
from pyfly.config.store import Config
from pyfly.config.strictness import KeyFindings
from pyfly.container.container import Container
from pyfly.context._setting_references import referenced_settings

__all__ = ["check_settings", "settings_classes"]


def check_settings(config: Config, container: Container, code: Iterable[type] = ()) -> KeyFindings:
    """Find the settings that nothing reads; see `pyfly.config.key_check.check_keys`.

    Args:
        config: The settings.
        container: The beans, whose classes may read settings; the context need not have started.
        code: Further classes that may read some, such as auto-configurations that take no part.
    """
    types = _types(container, code)
    return check_keys(config, _marked(types), lambda: referenced_settings(types))


def settings_classes(container: Container, code: Iterable[type] = ()) -> list[type]:
    """Return the classes with ``@config_properties`` among the beans.

    Args:
        container: The beans.
        code: Further classes to look at.
    """
    return _marked(_types(container, code))


def _types(container: Container, code: Iterable[type]) -> list[type]:
    types: list[object] = [*code, *(kind for it in container.registrations() for kind in it.types)]
    return [it for it in dict.fromkeys(types) if isinstance(it, type)]


def _marked(types: Iterable[type]) -> list[type]:
    return [cls for cls in types if "__pyfly_config_prefix__" in vars(cls)]

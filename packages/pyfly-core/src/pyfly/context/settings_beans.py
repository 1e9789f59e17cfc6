# SPDX-License-Identifier: Apache-2.0
"""Beans that can be made without the rest of the application."""

from pyfly.container.container import Container
from pyfly.container.exceptions import BeanCreationException
from pyfly.container.registry import ProducerKind, Registration
from pyfly.container.types import Scope
from pyfly.context._hooks import hooks_of

__all__ = ["is_made_from_settings"]


def is_made_from_settings(definition: Registration, container: Container) -> bool:
    """Tell whether a bean is made from settings, and what the context itself provides, alone.

    Such a bean is a singleton without hooks, whose factory need not be awaited and leaves nothing to be
    undone: it can be made before a start, or without one. What its code does is not looked at.

    Args:
        definition: The bean.
        container: Where it is; its graph has been checked.
    """
    try:
        needed, _ = container.ingredients_of(definition)
    except BeanCreationException:
        return False

    return _is_plain(definition) and all(_is_setting(it) and _is_plain(it) for it in needed)


def _is_setting(definition: Registration) -> bool:
    markers = vars(definition.impl_type)
    is_configuration = markers.get("__pyfly_stereotype__") == "configuration"
    return definition.ready_made or is_configuration or "__pyfly_config_prefix__" in markers


def _is_plain(definition: Registration) -> bool:
    if definition.ready_made:
        return True

    hooks = hooks_of(definition.impl_type)
    made_at_once = definition.method is None or definition.method.kind is ProducerKind.PLAIN
    without_hooks = not (hooks.post_construct or hooks.pre_destroy or hooks.lifecycle)
    return definition.scope is Scope.SINGLETON and made_at_once and without_hooks

# SPDX-License-Identifier: Apache-2.0
"""Typed views of the configuration."""

from collections.abc import Callable
from typing import Any, TypeVar

__all__ = ["config_properties"]

C = TypeVar("C", bound=type)


def config_properties(prefix: str) -> Callable[[C], C]:
    """Make a dataclass or pydantic model a view of the keys under ``prefix``.

    The class becomes a singleton of the container, bound when the application starts. Its fields and the keys
    match in any spelling: ``pool_size`` takes ``pool-size``, and ``<PREFIX>_POOL_SIZE`` of the environment.

    What is bound is a plain instance: reading a field costs an attribute access, and gives what was
    configured when the instance was bound.

    Args:
        prefix: Dotted path of the section, for instance ``pyfly.server``.
    """

    def mark(cls: C) -> C:
        target: Any = cls
        target.__pyfly_config_prefix__ = prefix
        target.__pyfly_injectable__ = True
        if not hasattr(target, "__pyfly_stereotype__"):
            target.__pyfly_stereotype__ = "config_properties"

        return cls

    return mark

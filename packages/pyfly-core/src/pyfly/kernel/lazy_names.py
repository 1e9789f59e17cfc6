# SPDX-License-Identifier: Apache-2.0
"""Names of a package that are loaded when somebody asks for them (PEP 562)."""

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

__all__ = ["lazy_names"]


def lazy_names(package: str, modules: Mapping[str, str]) -> Callable[[str], Any]:
    """Return a module-level ``__getattr__`` that loads names on demand.

    For packages of which one part is cheap and looked at by everybody, and the rest is not. The types are in
    an ``__init__.pyi`` beside it.

    Args:
        package: Name of the package.
        modules: The module of each name.
    """

    def load(name: str) -> Any:
        module = modules.get(name)
        if module is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")

        return getattr(import_module(module), name)

    return load

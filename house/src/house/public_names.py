# SPDX-License-Identifier: Apache-2.0
"""The public face of a package: its `__all__` beside the names that it really has."""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

from house.workspace import Workspace


def differing_names(workspace: Workspace) -> Iterator[str]:
    """The `__all__` of each package is sorted, and equals the public names of the package."""
    for found in workspace.distributions:
        for path in found.sources:
            name = found.module_name(path)
            if path.name == "__init__.py" and not any(part.startswith("_") for part in name.split(".")):
                try:
                    yield from compare_names(importlib.import_module(name))
                except ImportError as error:
                    yield f"{name}: {error}"


def compare_names(module: ModuleType) -> Iterator[str]:
    """Compare the `__all__` of a module, if it has one, with the names it binds or loads on demand."""
    declared = getattr(module, "__all__", None)
    if declared is None:
        return

    if list(declared) != sorted(declared):
        yield f"{module.__name__}.__all__ is not sorted: {sorted(declared)}"

    for name in declared:
        if not hasattr(module, name):
            yield f"{module.__name__}.__all__ has {name}, and the module has not"

    for name, value in vars(module).items():
        public = not name.startswith("_") and not isinstance(value, ModuleType)
        if public and name not in declared and value is not pkgutil.extend_path:
            yield f"{module.__name__} has {name}, and its __all__ has not"

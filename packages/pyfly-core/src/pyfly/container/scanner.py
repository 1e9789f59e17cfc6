# SPDX-License-Identifier: Apache-2.0
"""Finding the beans of a package."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from pyfly.container.container import Container


class ModuleScanError(ImportError):
    """A module of a scanned package cannot be imported.

    Attributes:
        name: The module.
        package: The scanned package.
    """

    def __init__(self, name: str, package: str, reason: str) -> None:
        super().__init__(f"Scanning {package}: the module {name} cannot be imported: {reason}", name=name)
        self.package = package
        self.reason = reason

    @property
    def description(self) -> str:
        return str(self)

    @property
    def action(self) -> str:
        return f"Correct the imports of {self.name}, install what it needs, or take it out of {self.package}."

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return type(self), (self.name, self.package, self.reason)


def scan_package(package_name: str, container: Container) -> int:
    """Import a package with all its modules and register what carries a stereotype.

    Args:
        package_name: Dotted name of a package, or of a single module.
        container: Where to register.

    Returns:
        How many classes were registered.

    Raises:
        ModuleNotFoundError: The package itself does not exist.
        ModuleScanError: A module inside the package cannot be imported; the error names it.
    """
    found = 0
    for module in _modules(package_name):
        for cls in scan_module_classes(module):
            container.register(cls)
            container.bind_ports_of(cls)
            found += 1

    return found


def scan_module_classes(module: ModuleType) -> list[type]:
    """Return the classes that a module itself defines and marks with a stereotype, in order of definition."""
    found = {
        value: None
        for value in vars(module).values()
        if isinstance(value, type)
        and value.__module__ == module.__name__
        and vars(value).get("__pyfly_injectable__")
    }
    return list(found)


def _modules(package_name: str) -> Iterator[ModuleType]:
    top = importlib.import_module(package_name)
    yield top
    for entry in pkgutil.walk_packages(getattr(top, "__path__", ()), f"{package_name}."):
        yield _import(entry.name, package_name)


def _import(name: str, package_name: str) -> ModuleType:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise ModuleScanError(name, package_name, str(error)) from error

# SPDX-License-Identifier: Apache-2.0
"""Which distribution brings which class of settings."""

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

_PACKAGE = "pyfly.config.properties"

# The name of a class, its module under pyfly.config.properties, and the distribution that ships the module.
PROPERTY_CLASSES: Mapping[str, tuple[str, str]] = {
    "CacheProperties": ("cache", "pyfly-cache"),
    "ClientProperties": ("client", "pyfly-client"),
    "DocumentProperties": ("mongodb", "pyfly-data-document"),
    "GranianProperties": ("server", "pyfly-server"),
    "LoggingProperties": ("logging", "pyfly-core"),
    "ManagementServerProperties": ("management", "pyfly-actuator"),
    "MessagingProperties": ("messaging", "pyfly-messaging"),
    "RelationalProperties": ("data", "pyfly-data-relational"),
    "ServerProperties": ("server", "pyfly-server"),
    "WebProperties": ("web", "pyfly-web"),
}


def find(name: str) -> Any:
    """Return the class, from the distribution that brings it; for ``__all__`` the names that are installed.

    Raises:
        ModuleNotFoundError: If the distribution is not installed; the message names it.
        AttributeError: If there is no such class.
    """
    if name == "__all__":
        return installed()

    if name not in PROPERTY_CLASSES:
        raise AttributeError(f"module {_PACKAGE!r} has no attribute {name!r}")

    submodule, distribution = PROPERTY_CLASSES[name]
    module = f"{_PACKAGE}.{submodule}"
    try:
        return getattr(import_module(module), name)
    except ModuleNotFoundError as error:
        if error.name != module:
            raise

        message = f"{name} comes with {distribution}: pip install {distribution}"
        raise ModuleNotFoundError(message, name=module) from None


def installed() -> list[str]:
    """Return the names of the classes whose distribution is installed."""
    return sorted(
        name for name, (submodule, _) in PROPERTY_CLASSES.items() if find_spec(f"{_PACKAGE}.{submodule}")
    )

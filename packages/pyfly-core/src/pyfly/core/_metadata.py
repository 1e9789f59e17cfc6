# SPDX-License-Identifier: Apache-2.0
"""What an application class says about its application."""

from collections.abc import Mapping
from typing import NamedTuple


class ApplicationMetadata(NamedTuple):
    """The marks of ``@pyfly_application`` and of the starters on a class.

    Attributes:
        name: The application's name.
        version: Its version.
        description: What it is for.
        scan_packages: The packages whose beans belong to it.
        starter_defaults: Settings from its starters, the weaker first; their keys may be dotted.
    """

    name: str
    version: str
    description: str
    scan_packages: tuple[str, ...]
    starter_defaults: tuple[Mapping[str, object], ...]


def read_metadata(app_class: type) -> ApplicationMetadata:
    """Read the marks of a class; one that is not decorated gets plain defaults.

    Args:
        app_class: The application class.
    """
    return ApplicationMetadata(
        name=getattr(app_class, "__pyfly_app_name__", "pyfly-app"),
        version=getattr(app_class, "__pyfly_app_version__", "0.1.0"),
        description=getattr(app_class, "__pyfly_app_description__", ""),
        scan_packages=tuple(getattr(app_class, "__pyfly_scan_packages__", ())),
        starter_defaults=_starter_defaults(app_class),
    )


def _starter_defaults(app_class: type) -> tuple[Mapping[str, object], ...]:
    names = sorted(
        name
        for name in {name for cls in app_class.__mro__ for name in vars(cls)}
        if name.startswith("__pyfly_starter_") and name.endswith("__")
    )
    marks = (getattr(app_class, name) for name in names)
    return tuple(mark for mark in marks if isinstance(mark, dict))

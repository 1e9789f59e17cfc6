# SPDX-License-Identifier: Apache-2.0
"""The settings of the application itself: ``pyfly.app.*``, ``pyfly.profiles.*``, ``pyfly.banner.*``."""

from dataclasses import dataclass, field
from typing import Annotated

from pyfly.config.alias import Alias
from pyfly.config.binding import config_properties


@config_properties(prefix="pyfly")
@dataclass
class PyFlyProperties:
    """Settings that belong to no section.

    Attributes:
        debug: Whether the start prints the condition report.
    """

    debug: bool = False


@config_properties(prefix="pyfly.app")
@dataclass
class AppProperties:
    """Name the application; what is not set here is what ``@pyfly_application`` says.

    Attributes:
        name: Name of the application, in its log and for those it imports settings from.
        version: Version of the application.
        description: What the application is for.
        module: Where the application is, as ``package.module:attribute``; None to look for it.
    """

    name: str = "pyfly-app"
    version: str = "0.1.0"
    description: str = ""
    module: Annotated[str | None, Alias("app.module")] = None


@config_properties(prefix="pyfly.profiles")
@dataclass
class ProfilesProperties:
    """Choose the profiles.

    Attributes:
        active: The active profiles; a later one overrides an earlier one.
        group: Profiles that a profile brings along, by its name.
    """

    active: list[str] | str = field(default_factory=list)
    group: dict[str, list[str] | str] = field(default_factory=dict)


@config_properties(prefix="pyfly.banner")
@dataclass
class BannerProperties:
    """Choose what is printed before the start.

    Attributes:
        mode: ``TEXT``, ``MINIMAL`` or ``OFF``, in any case.
        location: A text file that takes the place of the art; empty for the art.
    """

    mode: str = "TEXT"
    location: str = ""

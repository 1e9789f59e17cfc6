# SPDX-License-Identifier: Apache-2.0
"""The settings of the application context: ``pyfly.context.*``, ``pyfly.autoconfigure.*``."""

from dataclasses import dataclass, field
from datetime import timedelta

from pyfly.config.binding import config_properties


@config_properties(prefix="pyfly.context")
@dataclass
class ContextProperties:
    """Set up the application context.

    Attributes:
        allow_bean_definition_overriding: Whether a bean may take the name of another one, which is dropped.
        lazy_initialization: Whether beans are made when they are first needed, instead of at the start.
        shutdown_timeout: How long each step of the end may take.
    """

    allow_bean_definition_overriding: bool = False
    lazy_initialization: bool = False
    shutdown_timeout: timedelta = timedelta(seconds=30)


@config_properties(prefix="pyfly.autoconfigure")
@dataclass
class AutoConfigureProperties:
    """Choose among what installed distributions contribute by themselves.

    Attributes:
        exclude: Auto-configurations that are left out, by the name of their entry point or class.
    """

    exclude: list[str] = field(default_factory=list)

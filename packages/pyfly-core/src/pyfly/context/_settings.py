# SPDX-License-Identifier: Apache-2.0
"""Switches of the context itself."""

from pyfly.config.conversion import parse_bool
from pyfly.config.store import Config
from pyfly.container.exceptions import BeanCreationException


def switched_on(config: Config, key: str) -> bool:
    """Return whether a switch is on; it is off when it is not set.

    Raises:
        BeanCreationException: The value is neither true nor false.
    """
    value = config.get(key, False)
    try:
        return value if isinstance(value, bool) else parse_bool(str(value))
    except ValueError as error:
        raise BeanCreationException(
            "configuration", key, str(error), action=f"Set {key} to true or false."
        ) from error

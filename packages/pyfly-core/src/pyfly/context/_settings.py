# SPDX-License-Identifier: Apache-2.0
"""Settings of the context itself."""

from typing import Final

from pyfly.config.conversion import parse_bool, parse_duration
from pyfly.config.store import Config
from pyfly.container.exceptions import BeanCreationException
from pyfly.context._log import log

_SHUTDOWN_TIMEOUT: Final = "pyfly.context.shutdown-timeout"
_DEFAULT_SHUTDOWN_TIMEOUT: Final = 30.0


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


def read_shutdown_timeout(config: Config) -> float:
    """Return how long one step of an ending may take, in seconds.

    Raises:
        BeanCreationException: The value is no duration.
    """
    try:
        return parse_duration(config.get(_SHUTDOWN_TIMEOUT, _DEFAULT_SHUTDOWN_TIMEOUT)).total_seconds()
    except ValueError as error:
        raise BeanCreationException(
            "configuration",
            _SHUTDOWN_TIMEOUT,
            str(error),
            action="Write a number of seconds, or a duration such as 30s or PT30S.",
        ) from error


def shutdown_timeout(config: Config | None) -> float:
    """Return the same for an ending that has to take place, whatever the setting has become meanwhile."""
    if config is None:
        return _DEFAULT_SHUTDOWN_TIMEOUT

    try:
        return read_shutdown_timeout(config)
    except BeanCreationException as error:
        log.warning("shutdown_timeout_unreadable", extra={"reason": error.reason})
        return _DEFAULT_SHUTDOWN_TIMEOUT

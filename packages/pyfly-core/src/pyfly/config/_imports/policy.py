# SPDX-License-Identifier: Apache-2.0
"""The settings under ``pyfly.cloud.config`` that govern imports."""

from typing import NamedTuple

from pyfly.config._imports.locations import shown
from pyfly.config.conversion import parse_bool, parse_duration
from pyfly.config.import_errors import ImportSettingError
from pyfly.config.imports import ReadableConfig

URI = "pyfly.cloud.config.uri"

_ENABLED = "pyfly.cloud.config.enabled"
_FAIL_FAST = "pyfly.cloud.config.fail-fast"
_TIMEOUT = "pyfly.cloud.config.timeout"


class ImportPolicy(NamedTuple):
    """How imports are carried out.

    Attributes:
        uri: Where the configuration server is; empty when that is not set.
        enabled: Whether anything is fetched over the network.
        fail_fast: Whether what cannot be fetched stops the start.
        timeout: Seconds for each import.
    """

    uri: str
    enabled: bool
    fail_fast: bool
    timeout: float

    @classmethod
    def of(cls, config: ReadableConfig) -> "ImportPolicy":
        """Read the settings.

        Raises:
            ImportSettingError: If one cannot be honoured.
        """
        return cls(
            uri=_uri(config),
            enabled=_flag(config, _ENABLED, True),
            fail_fast=_flag(config, _FAIL_FAST, False),
            timeout=_seconds(config),
        )


def _uri(config: ReadableConfig) -> str:
    value = config.get(URI, "")
    items = value if isinstance(value, list) else [value]
    if not all(isinstance(item, str) for item in items):
        raise ImportSettingError(URI, "a URL, or a list of them", shown(repr(value)), config.origin(URI))

    return ",".join(item.strip() for item in items)


def _flag(config: ReadableConfig, key: str, default: bool) -> bool:
    value = config.get(key, default)
    try:
        return value if isinstance(value, bool) else parse_bool(str(value))
    except ValueError:
        raise ImportSettingError(key, "true or false", repr(value), config.origin(key)) from None


def _seconds(config: ReadableConfig) -> float:
    value = config.get(_TIMEOUT, 10)
    try:
        seconds = 0.0 if isinstance(value, bool) else parse_duration(value).total_seconds()
    except (ValueError, TypeError):
        seconds = 0.0

    if seconds <= 0:
        expected = "a duration above zero such as 10s"
        raise ImportSettingError(_TIMEOUT, expected, repr(value), config.origin(_TIMEOUT))

    return seconds

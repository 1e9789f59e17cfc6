# SPDX-License-Identifier: Apache-2.0
"""What ``pyfly.logging.*`` says."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pyfly.config.conversion import parse_bool
from pyfly.config.errors import ConfigurationError
from pyfly.config.store import Config

_PREFIX = "pyfly.logging"
_KEYS = ("enabled", "format", "level")


class LoggingSettingError(ConfigurationError):
    """A setting that this logging system does not honour.

    Args:
        key: The whole dotted key.
        value: What it says.
        expected: What it may say.
    """

    def __init__(self, key: str, value: object, expected: str) -> None:
        super().__init__(f"{key}: expected {expected}, got {value!r}")
        self.key = key
        self.value = value
        self.expected = expected
        self.action = f"Correct {key} or remove it."

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self.key, self.value, self.expected)


class LoggingSettings(NamedTuple):
    """The settings in use.

    Attributes:
        enabled: Whether the application configures logging at all.
        levels: ``{logger name: level}``; ``root`` is always there.
    """

    enabled: bool
    levels: dict[str, str | bool]


def read_settings(config: Config) -> LoggingSettings:
    """Read and check the settings.

    Args:
        config: The application's configuration.

    Raises:
        LoggingSettingError: A setting is none that the console log honours.
    """
    section = config.effective_section(_PREFIX)
    for key in section:
        if key not in _KEYS:
            raise LoggingSettingError(f"{_PREFIX}.{key}", section[key], f"one of the keys {', '.join(_KEYS)}")

    layout = section.get("format", "console")
    if str(layout).strip().lower() != "console":
        raise LoggingSettingError(
            f"{_PREFIX}.format", layout, "console, the one format of this logging adapter"
        )

    levels = section.get("level") or {}
    if not isinstance(levels, Mapping):
        raise LoggingSettingError(f"{_PREFIX}.level", levels, "a mapping of logger names to levels")

    return LoggingSettings(_enabled(section), {"root": "INFO", **dict(_flattened(levels))})


def _enabled(section: Mapping[str, object]) -> bool:
    value = section.get("enabled", True)
    try:
        return value if isinstance(value, bool) else parse_bool(str(value))
    except ValueError:
        raise LoggingSettingError(f"{_PREFIX}.enabled", value, "true or false") from None


def _flattened(levels: Mapping[str, object], prefix: str = "") -> Iterator[tuple[str, str | bool]]:
    for key, value in levels.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from _flattened(value, f"{name}.")
        elif value is not None:
            yield "root" if name.lower() == "root" else name, value if isinstance(value, bool) else str(value)

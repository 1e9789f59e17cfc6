# SPDX-License-Identifier: Apache-2.0
"""What the application prints before anything else."""

import logging
import sys
from enum import Enum
from pathlib import Path

from pyfly.config.store import Config

_ART = r"""
  ________                          ________
  \____   \______            ______/   ____/
       \____     \___    ___/     ____/
            \________\()/________/
                 ____//\\____
                /___/ || \___\     P y F l y
                      \/
""".strip("\n")

_PYTHON_VERSION = sys.version.split()[0]
_logger = logging.getLogger("pyfly.core")


class BannerMode(Enum):
    """How much of a banner there is."""

    TEXT = "TEXT"
    MINIMAL = "MINIMAL"
    OFF = "OFF"


class BannerPrinter:
    """Renders the banner.

    The art, or the custom file, may contain ``${pyfly.version}``, ``${python.version}``, ``${app.name}``,
    ``${app.version}`` and ``${profiles.active}``.

    Args:
        mode: How much to show.
        version: The version of the framework.
        app_name: The name of the application.
        app_version: The version of the application.
        active_profiles: The active profiles in order.
        custom_location: A file whose text replaces the art; the art is back when it cannot be read.
    """

    def __init__(
        self,
        mode: BannerMode = BannerMode.TEXT,
        version: str = "0.1.0",
        app_name: str = "",
        app_version: str = "",
        active_profiles: list[str] | None = None,
        custom_location: str = "",
    ) -> None:
        self._mode = mode
        self._version = version
        self._app_name = app_name
        self._app_version = app_version
        self._active_profiles = list(active_profiles or [])
        self._custom_location = custom_location

    @classmethod
    def from_config(
        cls,
        config: Config,
        version: str = "0.1.0",
        app_name: str = "",
        app_version: str = "",
        active_profiles: list[str] | None = None,
    ) -> "BannerPrinter":
        """Build a printer as ``pyfly.banner.mode`` and ``pyfly.banner.location`` say.

        Args:
            config: The application's configuration.
            version: The version of the framework.
            app_name: The name of the application.
            app_version: The version of the application.
            active_profiles: The active profiles in order.
        """
        return cls(
            mode=_parse_mode(config.get("pyfly.banner.mode", BannerMode.TEXT.value)),
            version=version,
            app_name=app_name,
            app_version=app_version,
            active_profiles=active_profiles,
            custom_location=str(config.get("pyfly.banner.location", "")),
        )

    def render(self) -> str:
        """Give the banner's text; empty when it is off."""
        if self._mode is BannerMode.OFF:
            return ""

        if self._mode is BannerMode.MINIMAL:
            return f":: PyFly :: (v{self._version})"

        return "\n".join(
            [
                self._filled(self._art()),
                "",
                f":: PyFly Framework :: (v{self._version}) (Python {_PYTHON_VERSION})",
                "Copyright The PyFly Authors. Apache License 2.0",
            ]
        )

    def _art(self) -> str:
        if not self._custom_location:
            return _ART

        try:
            return Path(self._custom_location).read_text("utf-8").rstrip("\n")
        except (OSError, UnicodeDecodeError) as failure:
            _logger.warning(
                "banner_unreadable", extra={"location": self._custom_location, "error": str(failure)}
            )
            return _ART

    def _filled(self, art: str) -> str:
        values = {
            "pyfly.version": self._version,
            "python.version": _PYTHON_VERSION,
            "app.name": self._app_name,
            "app.version": self._app_version,
            "profiles.active": ", ".join(self._active_profiles),
        }
        for name, value in values.items():
            art = art.replace(f"${{{name}}}", value)

        return art


def _parse_mode(setting: object) -> BannerMode:
    # A bare OFF in YAML is the boolean.
    name = "OFF" if setting is False else str(setting).strip().upper()
    if name in BannerMode.__members__:
        return BannerMode[name]

    _logger.warning(
        "unknown_banner_mode", extra={"mode": setting, "known": ", ".join(BannerMode.__members__)}
    )
    return BannerMode.TEXT

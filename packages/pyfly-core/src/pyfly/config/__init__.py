# SPDX-License-Identifier: Apache-2.0
"""Configuration: its sources, typed views of it, and the auto-configurations that are installed."""

from pkgutil import extend_path

__all__ = ["AutoConfiguration", "discover_auto_configurations"]

__path__ = extend_path(__path__, __name__)

from pyfly.config.auto import AutoConfiguration, discover_auto_configurations

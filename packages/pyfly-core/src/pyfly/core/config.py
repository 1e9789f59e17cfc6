# SPDX-License-Identifier: Apache-2.0
"""The configuration of an application, and typed views of it."""

from pyfly.config.binding import config_properties
from pyfly.config.store import Config

__all__ = ["Config", "config_properties"]

# SPDX-License-Identifier: Apache-2.0
"""What this distribution contributes to the framework defaults."""

from collections.abc import Mapping
from typing import Any

DEFAULTS: Mapping[str, Any] = {
    "pyfly.app": {"name": "pyfly-app", "version": "0.1.0", "description": ""},
    "pyfly.profiles.active": "",
    "pyfly.banner": {"mode": "TEXT", "location": ""},
    "pyfly.context.shutdown-timeout": 30,
}

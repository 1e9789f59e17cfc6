# SPDX-License-Identifier: Apache-2.0
"""The web layer on Starlette."""

from pyfly.web.adapters.starlette.adapter import StarletteWebAdapter
from pyfly.web.adapters.starlette.app import create_app

__all__ = ["StarletteWebAdapter", "create_app"]

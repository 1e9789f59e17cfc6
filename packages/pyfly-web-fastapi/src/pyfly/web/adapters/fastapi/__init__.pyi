# SPDX-License-Identifier: Apache-2.0
"""The web layer on FastAPI."""

from pyfly.web.adapters.fastapi.adapter import FastAPIWebAdapter
from pyfly.web.adapters.fastapi.app import create_app

__all__ = ["FastAPIWebAdapter", "create_app"]

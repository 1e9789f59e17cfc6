# SPDX-License-Identifier: Apache-2.0
"""The structlog adapter under a short name: importing this gives the very module of the adapter."""

import sys

from pyfly.logging.adapters.structlog import adapter
from pyfly.logging.adapters.structlog.adapter import StructlogAdapter, build_redactor

__all__ = ["StructlogAdapter", "build_redactor"]

# Two modules would have two sets of globals, and only one of them would be looked at.
sys.modules[__name__] = adapter

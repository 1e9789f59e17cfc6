# SPDX-License-Identifier: Apache-2.0
"""Work that a request leaves behind, and that goes on after its answer."""

from pyfly.web.background.errors import BackgroundWorkRefused
from pyfly.web.background.work import BackgroundWork

__all__ = ["BackgroundWork", "BackgroundWorkRefused"]

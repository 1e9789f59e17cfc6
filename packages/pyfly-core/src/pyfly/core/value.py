# SPDX-License-Identifier: Apache-2.0
"""Single settings, injected into fields and constructor parameters."""

from pyfly.config.value import Value

__all__ = ["Value"]

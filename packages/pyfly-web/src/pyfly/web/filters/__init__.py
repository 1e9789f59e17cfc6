# SPDX-License-Identifier: Apache-2.0
"""Filters around request handling, and their order."""

from pyfly.web.filters.interceptor import Headers, Interceptor
from pyfly.web.filters.once_per_request import OncePerRequestFilter
from pyfly.web.filters.order import FilterOrder

__all__ = ["FilterOrder", "Headers", "Interceptor", "OncePerRequestFilter"]

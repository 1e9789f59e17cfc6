# SPDX-License-Identifier: Apache-2.0
"""Paths, their templates, and the table that finds the handler of a request."""

from pyfly.web.routing.path import PathError, PathTemplate, Segment, join_paths
from pyfly.web.routing.table import RouteConflictError, RouteTable

__all__ = ["PathError", "PathTemplate", "RouteConflictError", "RouteTable", "Segment", "join_paths"]

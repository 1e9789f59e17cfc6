# SPDX-License-Identifier: Apache-2.0
"""Where our figure stands: said in the report, asserted nowhere."""

from collections.abc import Iterable

STANDING = ("job", "ours", "goal", "within goal", "best peer", "ahead of every peer", "noise of the floor")


def within(value: float, goal: float | None) -> str:
    """Tell whether a figure is within its goal, if it has one."""
    if goal is None:
        return "-"

    return "yes" if value <= goal else "NO"


def at_least(value: float, goal: float) -> str:
    """Tell whether a figure reaches its goal."""
    return "yes" if value >= goal else "NO"


def ahead(ours: float, peers: Iterable[float]) -> str:
    """Tell whether ours is below the figure of every peer."""
    return "yes" if all(ours < peer for peer in peers) else "NO"

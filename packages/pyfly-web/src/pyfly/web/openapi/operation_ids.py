# SPDX-License-Identifier: Apache-2.0
"""Ids of operations: short where they can be, and never the same twice."""

from collections import Counter
from collections.abc import Iterator, Sequence

from pyfly.web.openapi.metadata import RouteMetadata


def operation_ids(routes: Sequence[RouteMetadata]) -> list[str]:
    """Return an id for each route, in the same order.

    It is what `operation` says, else the name of the method. Where that is taken, the controller stands
    before it, then the HTTP method follows, and at last a number.
    """
    ids = [_name(route) for route in routes]
    for qualify in (_with_controller, _with_method):
        counts = Counter(ids)
        if len(counts) == len(ids):
            return ids

        ids = [
            qualify(route) if counts[taken] > 1 else taken for route, taken in zip(routes, ids, strict=True)
        ]

    return list(_numbered(ids))


def _name(route: RouteMetadata) -> str:
    return route.options.operation_id or route.handler_name


def _with_controller(route: RouteMetadata) -> str:
    owner = route.tag if route.controller is None else route.controller.__name__.removesuffix("Controller")
    return f"{owner}_{_name(route)}" if owner else _name(route)


def _with_method(route: RouteMetadata) -> str:
    return f"{_with_controller(route)}_{route.http_method.lower()}"


def _numbered(ids: Sequence[str]) -> Iterator[str]:
    taken: set[str] = set(ids)
    seen: set[str] = set()
    for each in ids:
        found, number = each, 1
        while found in seen or (number > 1 and found in taken):
            number += 1
            found = f"{each}_{number}"

        seen.add(found)
        yield found

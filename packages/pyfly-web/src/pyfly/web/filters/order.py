# SPDX-License-Identifier: Apache-2.0
"""The places of the chain of filters."""

from collections.abc import Iterable
from enum import IntEnum
from typing import TypeVar

from pyfly.container.ordering import HIGHEST_PRECEDENCE, get_order

F = TypeVar("F")


class FilterOrder(IntEnum):
    """Orders of the filters that the framework and its modules bring; lower ones are further out.

    A filter without an order has 0 and so runs inside all of these. Places whose module is not installed are
    empty and cost nothing.
    """

    REQUEST_CONTEXT = HIGHEST_PRECEDENCE
    METRICS = HIGHEST_PRECEDENCE + 10
    CORRELATION = HIGHEST_PRECEDENCE + 50
    TRACING = HIGHEST_PRECEDENCE + 60
    TRANSACTION_ID = HIGHEST_PRECEDENCE + 100
    SESSION = HIGHEST_PRECEDENCE + 150
    REQUEST_LOGGING = HIGHEST_PRECEDENCE + 200
    SECURITY_HEADERS = HIGHEST_PRECEDENCE + 205
    CSRF = HIGHEST_PRECEDENCE + 210
    AUTHENTICATION = HIGHEST_PRECEDENCE + 220
    OAUTH2_RESOURCE_SERVER = HIGHEST_PRECEDENCE + 250
    AUTHORIZATION = HIGHEST_PRECEDENCE + 350
    IDEMPOTENCY = HIGHEST_PRECEDENCE + 360
    HTTP_EXCHANGES = -90


def in_order(filters: Iterable[F]) -> list[F]:
    """Return filters from the outside in; those of equal order stay as they are.

    Args:
        filters: The filters; an instance may have another order than its class, as ``__pyfly_order__``.
    """
    return sorted(filters, key=get_order)

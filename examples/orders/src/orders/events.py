# SPDX-License-Identifier: Apache-2.0
"""What happens to orders."""

from dataclasses import dataclass

from orders.models import Order


@dataclass(frozen=True)
class OrderPlaced:
    """An order was taken."""

    order: Order


@dataclass(frozen=True)
class OrderChanged:
    """An order is not what it was."""

    order: Order


@dataclass(frozen=True)
class OrderRemoved:
    """An order is kept no longer."""

    order: Order

# SPDX-License-Identifier: Apache-2.0
"""What an operator can set."""

from dataclasses import dataclass

from pyfly.core import config_properties


@config_properties(prefix="orders")
@dataclass
class OrderProperties:
    """Limits of the service.

    Attributes:
        max_lines: The most lines that one order may have, at most 20.
        max_orders: The most orders that are kept; then the oldest one is forgotten.
        max_listeners: The most clients that follow the orders live at one time.
        read_only: Whether every change is refused, as during maintenance.
    """

    max_lines: int = 20
    max_orders: int = 1000
    max_listeners: int = 100
    read_only: bool = False

# SPDX-License-Identifier: Apache-2.0
"""What an operator can set."""

from dataclasses import dataclass

from pyfly.core import config_properties


@config_properties(prefix="orders")
@dataclass
class OrderProperties:
    """Limits of the service.

    Attributes:
        max_lines: The most lines that one order may have.
    """

    max_lines: int = 20

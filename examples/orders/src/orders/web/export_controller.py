# SPDX-License-Identifier: Apache-2.0
"""All orders as one file, sent while it is written."""

import csv
from collections.abc import AsyncIterator
from io import StringIO

from orders.models import Order
from orders.service import OrderService
from pyfly.web import get_mapping, request_mapping, rest_controller
from pyfly.web.openapi import operation

COLUMNS = ("id", "placed_at", "customer", "status")


@rest_controller
@request_mapping("/exports")
@operation(tags=["exports"])
class ExportController:
    """Exports of all orders."""

    def __init__(self, orders: OrderService) -> None:
        self._orders = orders

    @get_mapping("/orders.csv", produces="text/csv")
    async def as_csv(self) -> AsyncIterator[str]:
        """Export a table for spreadsheets."""
        yield ",".join(COLUMNS) + "\r\n"
        for order in await self._orders.all():
            line = StringIO()
            csv.writer(line).writerow([_cell(getattr(order, column)) for column in COLUMNS])
            yield line.getvalue()

    @get_mapping("/orders.ndjson")
    async def as_ndjson(self) -> AsyncIterator[Order]:
        """Export one JSON document a line."""
        for order in await self._orders.all():
            yield order


def _cell(value: object) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    text = str(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text

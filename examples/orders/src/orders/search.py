# SPDX-License-Identifier: Apache-2.0
"""What can be asked of orders, and how it is answered."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from orders.models import Order, OrderStatus
from pyfly.validation.domain import valid_date

# Without the check, a number would pass for the seconds since 1970.
Day = Annotated[date, BeforeValidator(valid_date)]


class Sorting(StrEnum):
    """What comes first."""

    NEWEST = "newest"
    OLDEST = "oldest"
    CUSTOMER = "customer"


class OrderSearch(BaseModel):
    """The query of a search: all keys of the query string together."""

    model_config = ConfigDict(extra="forbid")

    status: list[OrderStatus] = Field([], description="Any of these; repeat the key for several.")
    customer: str | None = Field(None, max_length=80)
    placed_from: Day | None = None
    placed_until: Day | None = None
    sort: Sorting = Sorting.NEWEST
    page: int = Field(1, ge=1, le=10_000)

    def accepts(self, order: Order) -> bool:
        """Tell whether an order is among those asked for."""
        day = order.placed_at.date()
        return (
            (not self.status or order.status in self.status)
            and self.customer in (None, order.customer)
            and (self.placed_from is None or self.placed_from <= day)
            and (self.placed_until is None or day <= self.placed_until)
        )

    def sorted(self, orders: Iterable[Order]) -> list[Order]:
        """Return orders as they are to be listed."""
        if self.sort is Sorting.CUSTOMER:
            return sorted(orders, key=lambda order: (order.customer, order.placed_at))

        return sorted(orders, key=lambda order: order.placed_at, reverse=self.sort is Sorting.NEWEST)

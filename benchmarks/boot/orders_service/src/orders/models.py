# SPDX-License-Identifier: Apache-2.0
"""What travels in requests and answers."""

from datetime import datetime

from pydantic import BaseModel, Field


class OrderLine(BaseModel):
    """So many of one thing."""

    sku: str = Field(min_length=1, max_length=40)
    quantity: int = Field(ge=1, le=1000)


class NewOrder(BaseModel):
    """What a customer sends."""

    customer: str = Field(min_length=1, max_length=80)
    items: list[OrderLine] = Field(min_length=1)


class Order(NewOrder):
    """An order that was taken."""

    id: str
    placed_at: datetime


class Statistics(BaseModel):
    """What has been ordered since the start."""

    orders: int
    quantities: dict[str, int]

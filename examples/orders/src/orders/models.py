# SPDX-License-Identifier: Apache-2.0
"""What travels in requests and answers. A number as text, or an unknown key, is refused."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from pyfly.validation.domain import Amount, CurrencyCode, PhoneNumber


class Strict(BaseModel):
    """The base of all models."""

    model_config = ConfigDict(strict=True, extra="forbid")


class OrderStatus(StrEnum):
    """How far an order has come."""

    PLACED = "placed"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    CANCELLED = "cancelled"


class OrderLine(Strict):
    """So many of one thing."""

    sku: str = Field(min_length=1, max_length=40)
    quantity: int = Field(ge=1, le=1000)
    unit_price: Amount | None = None


class Address(Strict):
    """Where an order goes."""

    street: str = Field(min_length=1, max_length=120)
    city: str = Field(min_length=1, max_length=80)
    country: str = Field(pattern="^[A-Z]{2}$", description="ISO 3166 code.", examples=["GB"])
    phone: PhoneNumber | None = None


class NewOrder(Strict):
    """What a customer sends."""

    customer: str = Field(min_length=1, max_length=80)
    items: list[OrderLine] = Field(min_length=1, max_length=20)
    currency: CurrencyCode = "EUR"
    deliver_to: Address | None = None
    deliver_on: date | None = None


class OrderChange(Strict):
    """What may change later; what is left out, or null, stays as it is."""

    status: OrderStatus | None = None
    deliver_to: Address | None = None
    deliver_on: date | None = None


class Order(NewOrder):
    """An order that was taken."""

    id: UUID
    placed_at: datetime
    status: OrderStatus = OrderStatus.PLACED
    channel: str = Field(description="The program that placed it.")
    confirmed: bool = Field(False, description="Whether the customer has been told.")


class OrderPage(Strict):
    """Some of the orders that were found."""

    orders: list[Order]
    total: int = Field(description="How many were found in all.")
    page: int
    size: int


class Statistics(Strict):
    """What has been ordered since the start."""

    orders: int
    quantities: dict[str, int]


class Document(Strict):
    """A document that belongs to an order."""

    filename: str
    size: int = Field(description="In bytes.")


class ClosedOrder(Strict):
    """Why an order cannot be changed any more."""

    message: str
    order_id: UUID
    status: OrderStatus

# SPDX-License-Identifier: Apache-2.0
"""The service of `benchmarks/boot/orders_service` in bare FastAPI."""

import os
from collections import Counter
from datetime import UTC, datetime
from typing import Annotated, Protocol
from uuid import uuid4

from fastapi import Depends, FastAPI, HTTPException
from pydantic import BaseModel, Field


class OrderLine(BaseModel):
    sku: str = Field(min_length=1, max_length=40)
    quantity: int = Field(ge=1, le=1000)


class NewOrder(BaseModel):
    customer: str = Field(min_length=1, max_length=80)
    items: list[OrderLine] = Field(min_length=1)


class Order(NewOrder):
    id: str
    placed_at: datetime


class Statistics(BaseModel):
    orders: int
    quantities: dict[str, int]


class OrderRepository(Protocol):
    async def save(self, order: Order) -> None: ...

    async def find(self, order_id: str) -> Order | None: ...


class InMemoryOrderRepository(OrderRepository):
    def __init__(self) -> None:
        self._orders: dict[str, Order] = {}

    async def save(self, order: Order) -> None:
        self._orders[order.id] = order

    async def find(self, order_id: str) -> Order | None:
        return self._orders.get(order_id)


class OrderStatistics:
    def __init__(self) -> None:
        self._orders = 0
        self._quantities: Counter[str] = Counter()

    def add(self, order: Order) -> None:
        self._orders += 1
        for item in order.items:
            self._quantities[item.sku] += item.quantity

    def read(self) -> Statistics:
        return Statistics(orders=self._orders, quantities=dict(self._quantities))


class OrderService:
    def __init__(self, orders: OrderRepository, statistics: OrderStatistics, max_lines: int) -> None:
        self._orders = orders
        self._statistics = statistics
        self._max_lines = max_lines

    async def place(self, new: NewOrder) -> Order:
        if len(new.items) > self._max_lines:
            raise HTTPException(409, f"An order has at most {self._max_lines} lines")

        order = Order(id=str(uuid4()), placed_at=datetime.now(UTC), customer=new.customer, items=new.items)
        await self._orders.save(order)
        self._statistics.add(order)
        return order

    async def find(self, order_id: str) -> Order:
        order = await self._orders.find(order_id)
        if order is None:
            raise HTTPException(404, f"There is no order {order_id}")

        return order


app = FastAPI(title="orders", version="1.0.0")
_statistics = OrderStatistics()
_service = OrderService(InMemoryOrderRepository(), _statistics, int(os.environ.get("ORDERS_MAX_LINES", "20")))


def order_service() -> OrderService:
    return _service


def order_statistics() -> OrderStatistics:
    return _statistics


@app.post("/orders", status_code=201)
async def place(order: NewOrder, orders: Annotated[OrderService, Depends(order_service)]) -> Order:
    return await orders.place(order)


@app.get("/orders/statistics")
async def statistics(counted: Annotated[OrderStatistics, Depends(order_statistics)]) -> Statistics:
    return counted.read()


@app.get("/orders/{order_id}")
async def find(order_id: str, orders: Annotated[OrderService, Depends(order_service)]) -> Order:
    return await orders.find(order_id)

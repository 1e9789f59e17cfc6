# SPDX-License-Identifier: Apache-2.0
from typing import Generic, Protocol, TypeVar

import pytest

from pyfly.container import (
    Autowired,
    Container,
    NoSuchBeanError,
    NoUniqueBeanError,
    Provider,
    Qualifier,
    primary,
)

T = TypeVar("T")
K = TypeVar("K")


class Order: ...


class Customer: ...


class Repository(Generic[T, K]): ...


class OrderRepository(Repository[Order, int]): ...


class CustomerRepository(Repository[Customer, str]): ...


class CachedOrderRepository(OrderRepository): ...


class Handler(Protocol[T]):
    def handle(self, command: T) -> None: ...


class OrderHandler(Handler[Order]):
    def handle(self, command: Order) -> None: ...


def container_of(*classes: type) -> Container:
    container = Container()
    for cls in classes:
        container.register(cls)

    return container


class Holder:
    def __init__(self, repository: Repository[Order, int]) -> None:
        self.repository = repository


def test_subclass_with_the_arguments_is_chosen() -> None:
    container = container_of(CustomerRepository, OrderRepository, Holder)

    assert type(container.resolve(Holder).repository) is OrderRepository


def test_arguments_of_indirect_bases_count() -> None:
    container = container_of(CustomerRepository, CachedOrderRepository, Holder)

    assert type(container.resolve(Holder).repository) is CachedOrderRepository


def test_protocols_work_too() -> None:
    container = container_of(OrderHandler)

    assert container.resolve(Handler[Order]) is container.resolve(OrderHandler)


def test_generic_itself_answers_where_it_has_no_family() -> None:
    container = container_of(Repository, Holder)

    assert type(container.resolve(Holder).repository) is Repository


def test_no_match_in_the_family_is_missing() -> None:
    container = container_of(CustomerRepository, Holder)

    with pytest.raises(NoSuchBeanError) as caught:
        container.resolve(Holder)

    assert "Repository[" in str(caught.value)
    assert "Order" in str(caught.value)


def test_several_matches_need_a_primary() -> None:
    container = container_of(OrderRepository, CachedOrderRepository)

    with pytest.raises(NoUniqueBeanError):
        container.resolve(Repository[Order, int])


def test_primary_wins() -> None:
    @primary
    class Main(Repository[Order, int]): ...

    container = container_of(OrderRepository, CachedOrderRepository, Main)

    assert type(container.resolve(Repository[Order, int])) is Main


def test_combined_with_other_forms() -> None:
    class Both:
        optional: Repository[Order, str] | None = Autowired()
        many: list[Repository[Order, int]] = Autowired()
        later: Provider[Repository[Customer, str]] = Autowired()

    both = container_of(OrderRepository, CustomerRepository, Both).resolve(Both)

    assert both.optional is None
    assert [type(bean) for bean in both.many] == [OrderRepository]
    assert type(both.later.get()) is CustomerRepository


def test_type_variables_of_an_inherited_constructor_mean_what_the_subclass_made_of_them() -> None:
    class ByKey(Generic[T, K]):
        repository: Repository[T, K] = Autowired()

    class OrderService(ByKey[Order, int]): ...

    class CustomerService(ByKey[Customer, str]): ...

    container = container_of(OrderRepository, CustomerRepository, OrderService, CustomerService)

    assert type(container.resolve(OrderService).repository) is OrderRepository
    assert type(container.resolve(CustomerService).repository) is CustomerRepository


def test_qualifier_shows_its_name() -> None:
    assert repr(Qualifier("x")) == "Qualifier('x')"

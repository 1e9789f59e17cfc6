# SPDX-License-Identifier: Apache-2.0
"""What an engineer writes who uses no container: the control."""

from typing import Any, TypeVar

from benchmarks.di.services import (
    D0,
    D1,
    D2,
    D3,
    D4,
    D5,
    D6,
    D7,
    D8,
    D9,
    Audit,
    Customers,
    Link1,
    Link2,
    Link3,
    Link4,
    Link5,
    Orders,
    PlaceOrder,
    Plain,
    Pricing,
    Service,
    Session,
    Ten,
    Three,
    UnitOfWork,
)

T = TypeVar("T")


class Instances:
    """Singletons by their class, which is how every container here is asked."""

    def __init__(self) -> None:
        self._instances: dict[type, Any] = {Service: Service()}

    def get(self, cls: type[T]) -> T:
        instance: T = self._instances[cls]
        return instance


class Factory:
    """A method per class."""

    def __init__(self) -> None:
        self._service: Service | None = None
        self._d0 = D0()
        self._d1 = D1()
        self._d2 = D2()
        self._d3 = D3()
        self._d4 = D4()
        self._d5 = D5()
        self._d6 = D6()
        self._d7 = D7()
        self._d8 = D8()
        self._d9 = D9()

    def service(self) -> Service:
        if self._service is None:
            self._service = Service()

        return self._service

    def plain(self) -> Plain:
        return Plain()

    def three(self) -> Three:
        return Three(self._d0, self._d1, self._d2)

    def ten(self) -> Ten:
        return Ten(
            self._d0,
            self._d1,
            self._d2,
            self._d3,
            self._d4,
            self._d5,
            self._d6,
            self._d7,
            self._d8,
            self._d9,
        )

    def link1(self) -> Link1:
        return Link1(self.link2())

    def link2(self) -> Link2:
        return Link2(self.link3())

    def link3(self) -> Link3:
        return Link3(self.link4())

    def link4(self) -> Link4:
        return Link4(self.link5())

    def link5(self) -> Link5:
        return Link5()

    def chain(self) -> Link1:
        return Link1(Link2(Link3(Link4(Link5()))))

    def place_order(self) -> PlaceOrder:
        session = Session()
        work = UnitOfWork(session)
        customers = Customers(session)
        return PlaceOrder(Orders(session, work), customers, Pricing(customers), Audit(work), work)


class Request:
    """The services of one request, each made when it is first needed."""

    def __init__(self) -> None:
        self._session: Session | None = None
        self._work: UnitOfWork | None = None
        self._customers: Customers | None = None
        self._orders: Orders | None = None
        self._pricing: Pricing | None = None
        self._audit: Audit | None = None
        self._place_order: PlaceOrder | None = None

    def __enter__(self) -> "Request":
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._session = self._work = self._customers = self._orders = None
        self._pricing = self._audit = self._place_order = None

    async def __aenter__(self) -> "Request":
        return self.__enter__()

    async def __aexit__(self, *exc_info: object) -> None:
        self.__exit__(*exc_info)

    def session(self) -> Session:
        if self._session is None:
            self._session = Session()

        return self._session

    def work(self) -> UnitOfWork:
        if self._work is None:
            self._work = UnitOfWork(self.session())

        return self._work

    def customers(self) -> Customers:
        if self._customers is None:
            self._customers = Customers(self.session())

        return self._customers

    def orders(self) -> Orders:
        if self._orders is None:
            self._orders = Orders(self.session(), self.work())

        return self._orders

    def pricing(self) -> Pricing:
        if self._pricing is None:
            self._pricing = Pricing(self.customers())

        return self._pricing

    def audit(self) -> Audit:
        if self._audit is None:
            self._audit = Audit(self.work())

        return self._audit

    def place_order(self) -> PlaceOrder:
        if self._place_order is None:
            self._place_order = PlaceOrder(
                self.orders(), self.customers(), self.pricing(), self.audit(), self.work()
            )

        return self._place_order

# SPDX-License-Identifier: Apache-2.0
"""The classes that every contender wires."""


class Service:
    """A singleton."""


class Plain:
    """A transient without dependencies."""


class D0: ...


class D1: ...


class D2: ...


class D3: ...


class D4: ...


class D5: ...


class D6: ...


class D7: ...


class D8: ...


class D9: ...


DEPENDENCIES: tuple[type, ...] = (D0, D1, D2, D3, D4, D5, D6, D7, D8, D9)


class Three:
    """A transient with three singletons."""

    def __init__(self, d0: D0, d1: D1, d2: D2) -> None:
        self.d0 = d0
        self.d1 = d1
        self.d2 = d2


class Ten:
    """A transient with ten singletons."""

    def __init__(
        self, d0: D0, d1: D1, d2: D2, d3: D3, d4: D4, d5: D5, d6: D6, d7: D7, d8: D8, d9: D9
    ) -> None:
        self.d0 = d0
        self.d1 = d1
        self.d2 = d2
        self.d3 = d3
        self.d4 = d4
        self.d5 = d5
        self.d6 = d6
        self.d7 = d7
        self.d8 = d8
        self.d9 = d9


class Link5:
    """The end of a chain of transients."""


class Link4:
    def __init__(self, following: Link5) -> None:
        self.following = following


class Link3:
    def __init__(self, following: Link4) -> None:
        self.following = following


class Link2:
    def __init__(self, following: Link3) -> None:
        self.following = following


class Link1:
    """The start of a chain of transients."""

    def __init__(self, following: Link2) -> None:
        self.following = following


LINKS: tuple[type, ...] = (Link1, Link2, Link3, Link4, Link5)


class Session:
    """Of one request, as the six classes below: each exists once in it."""


class UnitOfWork:
    def __init__(self, session: Session) -> None:
        self.session = session


class Customers:
    def __init__(self, session: Session) -> None:
        self.session = session


class Orders:
    def __init__(self, session: Session, work: UnitOfWork) -> None:
        self.session = session
        self.work = work


class Pricing:
    def __init__(self, customers: Customers) -> None:
        self.customers = customers


class Audit:
    def __init__(self, work: UnitOfWork) -> None:
        self.work = work


class PlaceOrder:
    """The root, which needs the others of its request."""

    def __init__(
        self, orders: Orders, customers: Customers, pricing: Pricing, audit: Audit, work: UnitOfWork
    ) -> None:
        self.orders = orders
        self.customers = customers
        self.pricing = pricing
        self.audit = audit
        self.work = work


OF_REQUEST: tuple[type, ...] = (Session, UnitOfWork, Customers, Orders, Pricing, Audit, PlaceOrder)
SINGLETONS: tuple[type, ...] = (Service, *DEPENDENCIES)
TRANSIENTS: tuple[type, ...] = (Plain, Three, Ten, *LINKS)

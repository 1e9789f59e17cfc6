# SPDX-License-Identifier: Apache-2.0
"""Several mistakes at once."""

from typing import Any, Protocol

from pyfly.container import (
    BeanCurrentlyInCreationError,
    NoSuchBeanError,
    NoUniqueBeanError,
    Scope,
    component,
    service,
)
from pyfly.container.exceptions import ScopeMismatchError, WiringError


class PaymentPort(Protocol):
    def pay(self) -> None: ...


@component
class Stripe(PaymentPort): ...


@component
class Adyen(PaymentPort): ...


@component(scope=Scope.REQUEST)
class Visitor: ...


def one_of_each_kind(bench: Any) -> Any:
    """4 problems between beans
    1. No bean of type 'Mailer' is registered
         required by: Newsletter.__init__()
         parameter: mailer
         path: Newsletter -> Mailer ???
    2. 2 beans of type 'PaymentPort' match: Stripe, Adyen
         required by: Checkout.__init__()
         parameter: payments
         path: Checkout -> PaymentPort ???
    3. Circular dependency: Orders -> Stock -> Orders
         Orders.__init__() takes Stock as 'stock'
         Stock.__init__() takes Orders as 'orders'
    4. Audit (singleton scope) would keep Visitor (request scope) beyond its end
         required by: Audit.__init__()
         parameter: visitor
         path: Audit -> Visitor

    To do:
    1. Provide a bean of type 'Mailer': mark its class with @component, @service or
       @repository, or return it from a @bean method of a @configuration class.
       Its module must lie in one of the scan_packages, or its distribution be installed.
    2. Mark exactly one of them with @primary (or @bean(primary=True)), or choose by name at the
       injection point: Annotated[PaymentPort, Qualifier("name")].
    3. Break the circle: take one side as Provider[T] and call it later, set the reference in a
       @post_construct method, let one @bean factory tie the beans together, or move what they
       share into a bean of its own.
    4. Let Audit take Provider[Visitor] and call it where the bean is used, or give Audit the request scope.
    """

    class Mailer: ...

    class Stock: ...

    @service
    class Newsletter:
        def __init__(self, mailer: Mailer) -> None: ...

    @service
    class Checkout:
        def __init__(self, payments: PaymentPort) -> None: ...

    @service
    class Audit:
        def __init__(self, visitor: Visitor) -> None: ...

    @service
    class Orders:
        def __init__(self, stock: Stock) -> None: ...

    def __init__(self: Any, orders: Orders) -> None: ...

    Stock.__init__ = __init__  # type: ignore[method-assign,assignment]
    bench.add(Stripe, Adyen, Visitor, Newsletter, Checkout, Audit, Orders, Stock)
    return WiringError, {
        "kinds": [NoSuchBeanError, NoUniqueBeanError, BeanCurrentlyInCreationError, ScopeMismatchError]
    }


def two_in_one_constructor(bench: Any) -> Any:
    """2 problems between beans
    1. No bean of type 'Mailer' is registered
         required by: Newsletter.__init__()
         parameter: mailer
         path: Newsletter -> Mailer ???
    2. No bean of type 'Clock' is registered
         required by: Newsletter.__init__()
         parameter: clock
         path: Newsletter -> Clock ???

    To do:
    1. Provide a bean of type 'Mailer': mark its class with @component, @service or
       @repository, or return it from a @bean method of a @configuration class.
       Its module must lie in one of the scan_packages, or its distribution be installed.
    2. Provide a bean of type 'Clock': mark its class with @component, @service or
       @repository, or return it from a @bean method of a @configuration class.
       Its module must lie in one of the scan_packages, or its distribution be installed.
    """

    class Mailer: ...

    class Clock: ...

    @service
    class Newsletter:
        def __init__(self, mailer: Mailer, clock: Clock) -> None: ...

    bench.add(Newsletter)
    return WiringError, {"kinds": [NoSuchBeanError, NoSuchBeanError]}

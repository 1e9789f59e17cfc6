# SPDX-License-Identifier: Apache-2.0
"""Several beans match, and nothing says which."""

from typing import Any, Generic, Protocol, TypeVar

from pyfly.container import Autowired, NoUniqueBeanError, bean, component, configuration, primary, service

E = TypeVar("E")


class PaymentPort(Protocol):
    def pay(self) -> None: ...


class Order: ...


class Repository(Generic[E]): ...


@component
class Stripe(PaymentPort): ...


@component
class Adyen(PaymentPort): ...


def two_adapters_of_one_port(bench: Any) -> Any:
    """2 beans of type 'PaymentPort' match: Stripe, Adyen
      required by: Checkout.__init__()
      parameter: payments
      path: Checkout -> PaymentPort ???

    To do:
    Mark exactly one of them with @primary (or @bean(primary=True)), or choose by name at the
    injection point: Annotated[PaymentPort, Qualifier("name")].
    """

    @service
    class Checkout:
        def __init__(self, payments: PaymentPort) -> None: ...

    bench.add(Stripe, Adyen, Checkout)
    return NoUniqueBeanError, {
        "bean_type": PaymentPort,
        "candidates": [Stripe, Adyen],
        "required_by": "Checkout.__init__()",
        "parameter": "payments",
        "path": ("Checkout",),
    }


def two_primary_adapters(bench: Any) -> Any:
    """2 beans of type 'PaymentPort' match: Old, New
      required by: Checkout.__init__()
      parameter: payments
      path: Checkout -> PaymentPort ???

    To do:
    Mark exactly one of them with @primary (or @bean(primary=True)), or choose by name at the
    injection point: Annotated[PaymentPort, Qualifier("name")].
    """

    @primary
    @component
    class Old(PaymentPort): ...

    @primary
    @component
    class New(PaymentPort): ...

    @service
    class Checkout:
        def __init__(self, payments: PaymentPort) -> None: ...

    bench.add(Old, New, Stripe, Checkout)
    return NoUniqueBeanError, {"candidates": [Old, New], "parameter": "payments"}


def two_bean_methods_of_one_type(bench: Any) -> Any:
    """2 beans of type 'Pool' match: Storage.reads(), Storage.writes()
      required by: Reports.__init__()
      parameter: pool
      path: Reports -> Pool ???

    To do:
    Mark exactly one of them with @primary (or @bean(primary=True)), or choose by name at the
    injection point: Annotated[Pool, Qualifier("name")].
    """

    class Pool: ...

    @configuration
    class Storage:
        @bean
        def reads(self) -> Pool:
            return Pool()

        @bean
        def writes(self) -> Pool:
            return Pool()

    @service
    class Reports:
        def __init__(self, pool: Pool) -> None: ...

    bench.add(Storage, Reports)
    return NoUniqueBeanError, {
        "bean_type": Pool,
        "candidates": [Pool, Pool],
        "labels": ("Storage.reads()", "Storage.writes()"),
        "required_by": "Reports.__init__()",
    }


def behind_an_optional_parameter(bench: Any) -> Any:
    """2 beans of type 'PaymentPort' match: Stripe, Adyen
      required by: Checkout.__init__()
      parameter: payments
      path: Checkout -> PaymentPort ???

    To do:
    Mark exactly one of them with @primary (or @bean(primary=True)), or choose by name at the
    injection point: Annotated[PaymentPort, Qualifier("name")].
    """

    @service
    class Checkout:
        def __init__(self, payments: PaymentPort | None) -> None: ...

    bench.add(Stripe, Adyen, Checkout)
    return NoUniqueBeanError, {"candidates": [Stripe, Adyen], "parameter": "payments"}


def behind_a_parameter_with_a_default(bench: Any) -> Any:
    """2 beans of type 'PaymentPort' match: Stripe, Adyen
      required by: Checkout.__init__()
      parameter: payments
      path: Checkout -> PaymentPort ???

    To do:
    Mark exactly one of them with @primary (or @bean(primary=True)), or choose by name at the
    injection point: Annotated[PaymentPort, Qualifier("name")].
    """
    fallback = Stripe()

    @service
    class Checkout:
        def __init__(self, payments: PaymentPort = fallback) -> None: ...

    bench.add(Stripe, Adyen, Checkout)
    return NoUniqueBeanError, {"candidates": [Stripe, Adyen], "parameter": "payments"}


def in_a_field(bench: Any) -> Any:
    """2 beans of type 'PaymentPort' match: Stripe, Adyen
      required by: Checkout.payments
      attribute: payments
      path: Checkout -> PaymentPort ???

    To do:
    Mark exactly one of them with @primary (or @bean(primary=True)), or choose by name at the
    injection point: Annotated[PaymentPort, Qualifier("name")].
    """

    @service
    class Checkout:
        payments: PaymentPort = Autowired(required=False)

    bench.add(Stripe, Adyen, Checkout)
    return NoUniqueBeanError, {"required_by": "Checkout.payments", "parameter": "payments"}


def two_beans_of_one_parametrised_generic(bench: Any) -> Any:
    """2 beans of type 'Repository[Order]' match: MemoryOrders, SqlOrders
      required by: Orders.__init__()
      parameter: store
      path: Orders -> Repository[Order] ???

    To do:
    Mark exactly one of them with @primary (or @bean(primary=True)), or choose by name at the
    injection point: Annotated[Repository[Order], Qualifier("name")].
    """

    @component
    class MemoryOrders(Repository[Order]): ...

    @component
    class SqlOrders(Repository[Order]): ...

    @service
    class Orders:
        def __init__(self, store: Repository[Order]) -> None: ...

    bench.add(MemoryOrders, SqlOrders, Orders)
    return NoUniqueBeanError, {"bean_type": Repository[Order], "candidates": [MemoryOrders, SqlOrders]}


def in_a_bean_method(bench: Any) -> Any:
    """2 beans of type 'PaymentPort' match: Stripe, Adyen
      required by: Shop.terminal()
      parameter: payments
      path: Shop.terminal() -> PaymentPort ???

    To do:
    Mark exactly one of them with @primary (or @bean(primary=True)), or choose by name at the
    injection point: Annotated[PaymentPort, Qualifier("name")].
    """

    class Terminal: ...

    @configuration
    class Shop:
        @bean
        def terminal(self, payments: PaymentPort) -> Terminal:
            return Terminal()

    bench.add(Stripe, Adyen, Shop)
    return NoUniqueBeanError, {"required_by": "Shop.terminal()", "parameter": "payments"}

# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: E501 (texts stand here as people see them)
"""Nothing provides what is asked for."""

from typing import Annotated, Any, Generic, Protocol, TypeVar

from pyfly.container import (
    Autowired,
    NoSuchBeanError,
    Qualifier,
    bean,
    component,
    configuration,
    repository,
    rest_controller,
    service,
)
from pyfly.context import conditional_on_class, conditional_on_missing_bean, conditional_on_property

E = TypeVar("E")


class PaymentPort(Protocol):
    def pay(self) -> None: ...


class Order: ...


class Invoice: ...


class Repository(Generic[E]): ...


def class_without_stereotype_or_bean(bench: Any) -> Any:
    """No bean of type 'Mailer' is registered
      required by: Newsletter.__init__()
      parameter: mailer
      path: Newsletter -> Mailer ???

    To do:
    Provide a bean of type 'Mailer': mark its class with @component, @service or
    @repository, or return it from a @bean method of a @configuration class.
    Its module must lie in one of the scan_packages, or its distribution be installed.
    """

    class Mailer: ...

    @service
    class Newsletter:
        def __init__(self, mailer: Mailer) -> None: ...

    bench.add(Newsletter)
    return NoSuchBeanError, {
        "bean_type": Mailer,
        "bean_name": None,
        "required_by": "Newsletter.__init__()",
        "parameter": "mailer",
        "path": ("Newsletter",),
        "not_used": (),
    }


def port_without_adapter(bench: Any) -> Any:
    """No bean of type 'PaymentPort' is registered
      required by: Checkout.__init__()
      parameter: payments
      path: Checkout -> PaymentPort ???

    To do:
    Provide a bean of type 'PaymentPort': mark its class with @component, @service or
    @repository, or return it from a @bean method of a @configuration class.
    Its module must lie in one of the scan_packages, or its distribution be installed.
    """

    @service
    class Checkout:
        def __init__(self, payments: PaymentPort) -> None: ...

    bench.add(Checkout)
    return NoSuchBeanError, {
        "bean_type": PaymentPort,
        "required_by": "Checkout.__init__()",
        "parameter": "payments",
    }


def adapter_that_does_not_inherit_its_port(bench: Any) -> Any:
    """No bean of type 'PaymentPort' is registered
      required by: Checkout.__init__()
      parameter: payments
      path: Checkout -> PaymentPort ???
      not used: Stripe (it has the members of 'PaymentPort', but does not inherit it)

    To do:
    Remove what keeps the beans above from being used. Or:
    Provide a bean of type 'PaymentPort': mark its class with @component, @service or
    @repository, or return it from a @bean method of a @configuration class.
    Its module must lie in one of the scan_packages, or its distribution be installed.
    """

    @component
    class Stripe:
        def pay(self) -> None: ...

    @service
    class Checkout:
        def __init__(self, payments: PaymentPort) -> None: ...

    bench.add(Stripe, Checkout)
    return NoSuchBeanError, {"bean_type": PaymentPort, "parameter": "payments"}


def name_that_no_bean_has(bench: Any) -> Any:
    """No bean named 'primary_sorce' is registered
      required by: Reports.__init__()
      parameter: source
      path: Reports -> primary_sorce ???
      similar: primary_source, DataSource, Sources

    To do:
    Correct the name or the type at the injection point. Or provide the bean:
    mark its class with @component(name='primary_sorce') or
    @service(name='primary_sorce'), or give the name to a @bean method of a @configuration
    class. Its module must lie in one of the scan_packages, or its distribution be installed.
    """

    class DataSource: ...

    @configuration
    class Sources:
        @bean
        def primary_source(self) -> DataSource:
            return DataSource()

    @service
    class Reports:
        def __init__(self, source: Annotated[DataSource, Qualifier("primary_sorce")]) -> None: ...

    bench.add(Sources, Reports)
    return NoSuchBeanError, {
        "bean_name": "primary_sorce",
        "required_by": "Reports.__init__()",
        "parameter": "source",
        "suggestions": ["primary_source", "DataSource", "Sources"],
    }


def name_of_a_bean_of_another_type(bench: Any) -> Any:
    """No bean named 'reporting' is registered with the type 'DataSource'
      required by: Reports.__init__()
      parameter: source
      path: Reports -> reporting ???
      similar: Reports
      not used: Sources.reporting() (its type is 'Cache', not 'DataSource')

    To do:
    Correct the name or the type at the injection point. Or provide the bean:
    mark its class with @component(name='reporting') or
    @service(name='reporting'), or give the name to a @bean method of a @configuration
    class. Its module must lie in one of the scan_packages, or its distribution be installed.
    """

    class DataSource: ...

    class Cache: ...

    @configuration
    class Sources:
        @bean
        def reporting(self) -> Cache:
            return Cache()

    @service
    class Reports:
        def __init__(self, source: Annotated[DataSource, Qualifier("reporting")]) -> None: ...

    bench.add(Sources, Reports)
    return NoSuchBeanError, {
        "bean_name": "reporting",
        "required_by": "Reports.__init__()",
        "parameter": "source",
        "not_used": (("Sources.reporting()", "its type is 'Cache', not 'DataSource'"),),
    }


def in_a_field(bench: Any) -> Any:
    """No bean of type 'Clock' is registered
      required by: Billing.clock
      attribute: clock
      path: Billing -> Clock ???

    To do:
    Provide a bean of type 'Clock': mark its class with @component, @service or
    @repository, or return it from a @bean method of a @configuration class.
    Its module must lie in one of the scan_packages, or its distribution be installed.
    """

    class Clock: ...

    @service
    class Billing:
        clock: Clock = Autowired()

    bench.add(Billing)
    return NoSuchBeanError, {"bean_type": Clock, "required_by": "Billing.clock", "parameter": "clock"}


def in_a_field_by_name(bench: Any) -> Any:
    """No bean named 'utc' is registered
      required by: Billing.clock
      attribute: clock
      path: Billing -> utc ???

    To do:
    Correct the name or the type at the injection point. Or provide the bean:
    mark its class with @component(name='utc') or
    @service(name='utc'), or give the name to a @bean method of a @configuration
    class. Its module must lie in one of the scan_packages, or its distribution be installed.
    """

    class Clock: ...

    @service
    class Billing:
        clock: Clock = Autowired(qualifier="utc")

    bench.add(Billing)
    return NoSuchBeanError, {"bean_name": "utc", "required_by": "Billing.clock", "parameter": "clock"}


def in_a_bean_method(bench: Any) -> Any:
    """No bean of type 'Pool' is registered
      required by: Storage.database()
      parameter: pool
      path: Storage.database() -> Pool ???

    To do:
    Provide a bean of type 'Pool': mark its class with @component, @service or
    @repository, or return it from a @bean method of a @configuration class.
    Its module must lie in one of the scan_packages, or its distribution be installed.
    """

    class Pool: ...

    class Database: ...

    @configuration
    class Storage:
        @bean
        def database(self, pool: Pool) -> Database:
            return Database()

    bench.add(Storage)
    return NoSuchBeanError, {
        "bean_type": Pool,
        "required_by": "Storage.database()",
        "parameter": "pool",
        "path": ("Storage.database()",),
    }


def in_the_constructor_of_a_configuration(bench: Any) -> Any:
    """No bean of type 'Settings' is registered
      required by: Storage.__init__()
      parameter: settings
      path: Storage -> Settings ???
      similar: Storage

    To do:
    Provide a bean of type 'Settings': mark its class with @component, @service or
    @repository, or return it from a @bean method of a @configuration class.
    Its module must lie in one of the scan_packages, or its distribution be installed.
    """

    class Settings: ...

    class Database: ...

    @configuration
    class Storage:
        def __init__(self, settings: Settings) -> None: ...

        @bean
        def database(self) -> Database:
            return Database()

    bench.add(Storage)
    return NoSuchBeanError, {
        "bean_type": Settings,
        "required_by": "Storage.__init__()",
        "parameter": "settings",
    }


def at_the_end_of_a_chain(bench: Any) -> Any:
    """No bean of type 'PaymentPort' is registered
      required by: OrderStore.__init__()
      parameter: payments
      path: OrderController -> OrderService -> OrderStore -> PaymentPort ???

    To do:
    Provide a bean of type 'PaymentPort': mark its class with @component, @service or
    @repository, or return it from a @bean method of a @configuration class.
    Its module must lie in one of the scan_packages, or its distribution be installed.
    """

    @repository
    class OrderStore:
        def __init__(self, payments: PaymentPort) -> None: ...

    @service
    class OrderService:
        def __init__(self, store: OrderStore) -> None: ...

    @rest_controller
    class OrderController:
        def __init__(self, orders: OrderService) -> None: ...

    bench.add(OrderStore, OrderService, OrderController)
    return NoSuchBeanError, {
        "bean_type": PaymentPort,
        "required_by": "OrderStore.__init__()",
        "parameter": "payments",
        "path": ("OrderController", "OrderService", "OrderStore"),
    }


def behind_a_list_of_a_generic(bench: Any) -> Any:
    """No bean of type 'Missing' is registered
      required by: Orders.__init__()
      parameter: missing
      path: Archive -> Orders -> Missing ???

    To do:
    Provide a bean of type 'Missing': mark its class with @component, @service or
    @repository, or return it from a @bean method of a @configuration class.
    Its module must lie in one of the scan_packages, or its distribution be installed.
    """

    class Missing: ...

    @repository
    class Orders(Repository[Order]):
        def __init__(self, missing: Missing) -> None: ...

    @service
    class Archive:
        def __init__(self, stores: list[Repository[Order]]) -> None: ...

    bench.add(Orders, Archive)
    return NoSuchBeanError, {
        "bean_type": Missing,
        "required_by": "Orders.__init__()",
        "path": ("Archive", "Orders"),
    }


def generic_of_another_argument(bench: Any) -> Any:
    """No bean of type 'Repository[Invoice]' is registered
      required by: Billing.__init__()
      parameter: invoices
      path: Billing -> Repository[Invoice] ???
      not used: Orders (it is a 'Repository[Order]')

    To do:
    Remove what keeps the beans above from being used. Or:
    Provide a bean of type 'Repository[Invoice]': mark its class with @component, @service or
    @repository, or return it from a @bean method of a @configuration class.
    Its module must lie in one of the scan_packages, or its distribution be installed.
    """

    @repository
    class Orders(Repository[Order]): ...

    @service
    class Billing:
        def __init__(self, invoices: Repository[Invoice]) -> None: ...

    bench.add(Orders, Billing)
    return NoSuchBeanError, {
        "bean_type": Repository[Invoice],
        "required_by": "Billing.__init__()",
        "parameter": "invoices",
        "not_used": (("Orders", "it is a 'Repository[Order]'"),),
    }


def left_out_by_a_profile(bench: Any) -> Any:
    """No bean of type 'PaymentPort' is registered
      required by: Checkout.__init__()
      parameter: payments
      path: Checkout -> PaymentPort ???
      not used: Stripe (profile: needs prod & !eu, active: dev)

    To do:
    Remove what keeps the beans above from being used. Or:
    Provide a bean of type 'PaymentPort': mark its class with @component, @service or
    @repository, or return it from a @bean method of a @configuration class.
    Its module must lie in one of the scan_packages, or its distribution be installed.
    """

    @component(profile="prod & !eu")
    class Stripe(PaymentPort): ...

    @service
    class Checkout:
        def __init__(self, payments: PaymentPort) -> None: ...

    bench.configure({"pyfly": {"profiles": {"active": "dev"}}})
    bench.add(Stripe, Checkout)
    return NoSuchBeanError, {"not_used": (("Stripe", "profile: needs prod & !eu, active: dev"),)}


def bean_method_left_out_by_a_profile(bench: Any) -> Any:
    """No bean of type 'Mailer' is registered
      required by: Newsletter.__init__()
      parameter: mailer
      path: Newsletter -> Mailer ???
      similar: Mail
      not used: Mail.mailer() (profile: needs prod, active: default)

    To do:
    Remove what keeps the beans above from being used. Or:
    Provide a bean of type 'Mailer': mark its class with @component, @service or
    @repository, or return it from a @bean method of a @configuration class.
    Its module must lie in one of the scan_packages, or its distribution be installed.
    """

    class Mailer: ...

    @configuration
    class Mail:
        @bean(profile="prod")
        def mailer(self) -> Mailer:
            return Mailer()

    @service
    class Newsletter:
        def __init__(self, mailer: Mailer) -> None: ...

    bench.add(Mail, Newsletter)
    return NoSuchBeanError, {"not_used": (("Mail.mailer()", "profile: needs prod, active: default"),)}


def left_out_by_a_property(bench: Any) -> Any:
    """No bean of type 'PaymentPort' is registered
      required by: Checkout.__init__()
      parameter: payments
      path: Checkout -> PaymentPort ???
      not used: Stripe (condition: property payments.provider = stripe, found "memory")

    To do:
    Remove what keeps the beans above from being used. Or:
    Provide a bean of type 'PaymentPort': mark its class with @component, @service or
    @repository, or return it from a @bean method of a @configuration class.
    Its module must lie in one of the scan_packages, or its distribution be installed.
    """

    @conditional_on_property("payments.provider", "stripe")
    @component
    class Stripe(PaymentPort): ...

    @service
    class Checkout:
        def __init__(self, payments: PaymentPort) -> None: ...

    bench.configure({"payments": {"provider": "memory"}})
    bench.add(Stripe, Checkout)
    return NoSuchBeanError, {
        "not_used": (("Stripe", 'condition: property payments.provider = stripe, found "memory"'),)
    }


def left_out_by_a_missing_module(bench: Any) -> Any:
    """No bean of type 'PaymentPort' is registered
      required by: Checkout.__init__()
      parameter: payments
      path: Checkout -> PaymentPort ???
      not used: Stripe (condition: module no_such_library.client, not installed)

    To do:
    Remove what keeps the beans above from being used. Or:
    Provide a bean of type 'PaymentPort': mark its class with @component, @service or
    @repository, or return it from a @bean method of a @configuration class.
    Its module must lie in one of the scan_packages, or its distribution be installed.
    """

    @conditional_on_class("no_such_library.client")
    @component
    class Stripe(PaymentPort): ...

    @service
    class Checkout:
        def __init__(self, payments: PaymentPort) -> None: ...

    bench.add(Stripe, Checkout)
    return NoSuchBeanError, {
        "not_used": (("Stripe", "condition: module no_such_library.client, not installed"),)
    }


def left_out_because_another_bean_exists(bench: Any) -> Any:
    """No bean of type 'Ledger' is registered
      required by: Billing.__init__()
      parameter: ledger
      path: Billing -> Ledger ???
      not used: Books.ledger() (condition: no bean Audit, found Audit)

    To do:
    Remove what keeps the beans above from being used. Or:
    Provide a bean of type 'Ledger': mark its class with @component, @service or
    @repository, or return it from a @bean method of a @configuration class.
    Its module must lie in one of the scan_packages, or its distribution be installed.
    """

    class Ledger: ...

    class PaperLedger(Ledger): ...

    @component
    class Audit: ...

    @configuration
    class Books:
        @bean
        @conditional_on_missing_bean(Audit)
        def ledger(self) -> PaperLedger:
            return PaperLedger()

    @service
    class Billing:
        def __init__(self, ledger: Ledger) -> None: ...

    bench.add(Audit, Books, Billing)
    return NoSuchBeanError, {
        "bean_type": Ledger,
        "not_used": (("Books.ledger()", "condition: no bean Audit, found Audit"),),
    }


def left_out_by_its_own_condition(bench: Any) -> Any:
    """No bean of type 'PaymentPort' is registered
      required by: Checkout.__init__()
      parameter: payments
      path: Checkout -> PaymentPort ???
      not used: Stripe (condition: condition() gives False)

    To do:
    Remove what keeps the beans above from being used. Or:
    Provide a bean of type 'PaymentPort': mark its class with @component, @service or
    @repository, or return it from a @bean method of a @configuration class.
    Its module must lie in one of the scan_packages, or its distribution be installed.
    """

    @component(condition=lambda: False)
    class Stripe(PaymentPort): ...

    @service
    class Checkout:
        def __init__(self, payments: PaymentPort) -> None: ...

    bench.add(Stripe, Checkout)
    return NoSuchBeanError, {"not_used": (("Stripe", "condition: condition() gives False"),)}


def left_out_with_its_auto_configuration(bench: Any) -> Any:
    """No bean of type 'Mailer' is registered
      required by: Newsletter.__init__()
      parameter: mailer
      path: Newsletter -> Mailer ???
      not used: MailAutoConfiguration.mailer() (MailAutoConfiguration, condition: property mail.enabled = true, not set)

    To do:
    Remove what keeps the beans above from being used. Or:
    Provide a bean of type 'Mailer': mark its class with @component, @service or
    @repository, or return it from a @bean method of a @configuration class.
    Its module must lie in one of the scan_packages, or its distribution be installed.
    """

    bench.module(
        "stripe_plugin",
        """
        from pyfly.container import bean
        from pyfly.context import auto_configuration, conditional_on_property

        class Mailer: ...

        @auto_configuration
        @conditional_on_property("mail.enabled", "true")
        class MailAutoConfiguration:
            @bean
            def mailer(self) -> Mailer:
                return Mailer()
        """,
    )
    bench.entry_point("mail", "stripe_plugin:MailAutoConfiguration")
    Mailer = bench.imported("stripe_plugin").Mailer

    @service
    class Newsletter:
        def __init__(self, mailer: Mailer) -> None: ...  # type: ignore[valid-type]

    bench.add(Newsletter)
    return NoSuchBeanError, {
        "not_used": (
            (
                "MailAutoConfiguration.mailer()",
                "MailAutoConfiguration, condition: property mail.enabled = true, not set",
            ),
        )
    }


def class_that_looks_like_a_registered_one(bench: Any) -> Any:
    """No bean of type 'OrderRepositry' is registered
      required by: Orders.__init__()
      parameter: store
      path: Orders -> OrderRepositry ???
      similar: OrderRepository, Orders

    To do:
    Provide a bean of type 'OrderRepositry': mark its class with @component, @service or
    @repository, or return it from a @bean method of a @configuration class.
    Its module must lie in one of the scan_packages, or its distribution be installed.
    """

    class OrderRepositry: ...

    @repository
    class OrderRepository: ...

    @service
    class Orders:
        def __init__(self, store: OrderRepositry) -> None: ...

    bench.add(OrderRepository, Orders)
    return NoSuchBeanError, {"bean_type": OrderRepositry, "suggestions": ["OrderRepository", "Orders"]}


def optional_factory_without_a_bean(bench: Any) -> Any:
    """No bean of type 'Tracer' is registered
      required by: Gateway.__init__()
      parameter: tracer
      path: Gateway -> Tracer ???
      similar: tracer, Tracing
      not used: Tracing.tracer() (it returned None)

    To do:
    Remove what keeps the beans above from being used. Or:
    Provide a bean of type 'Tracer': mark its class with @component, @service or
    @repository, or return it from a @bean method of a @configuration class.
    Its module must lie in one of the scan_packages, or its distribution be installed.
    """

    class Tracer: ...

    @configuration
    class Tracing:
        @bean
        def tracer(self) -> Tracer | None:
            return None

    @service
    class Gateway:
        def __init__(self, tracer: Tracer) -> None: ...

    bench.add(Tracing, Gateway)
    return NoSuchBeanError, {"bean_type": Tracer, "required_by": "Gateway.__init__()", "parameter": "tracer"}

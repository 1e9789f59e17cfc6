# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: E501 (texts stand here as people see them)
"""Definitions that cannot be what they say."""

from abc import ABC, abstractmethod
from typing import Any, Protocol

from pyfly.container import BeanCreationException, bean, component, configuration, service
from pyfly.container.exceptions import DuplicateBeanNameError, InjectionPointError
from pyfly.container.scanner import ModuleScanError
from pyfly.context.environment import ProfileExpressionError
from pyfly.context.exceptions import StartupError


class PaymentPort(Protocol):
    def pay(self) -> None: ...


def abstract_class(bench: Any) -> Any:
    """'Report' is abstract (not implemented: render, send) and cannot be created
      required by: Report.__init__()

    To do:
    Register a subclass of 'Report' that implements everything instead.
    """

    @service
    class Report(ABC):
        @abstractmethod
        def render(self) -> str: ...

        @abstractmethod
        def send(self) -> None: ...

    bench.add(Report)
    return InjectionPointError, {"required_by": "Report.__init__()", "path": ("Report",)}


def protocol(bench: Any) -> Any:
    """'PaymentPort' is a protocol and cannot be created
      required by: PaymentPort.__init__()

    To do:
    Register a subclass of 'PaymentPort' that implements everything instead.
    """

    bench.add(PaymentPort)
    return InjectionPointError, {"required_by": "PaymentPort.__init__()"}


def two_classes_of_one_name(bench: Any) -> Any:
    """Ses (named 'mailer'): the bean name 'mailer' is taken by Smtp (named 'mailer')

    To do:
    Rename one of them, or let the last one win with
    pyfly.context.allow-bean-definition-overriding: true.
    """

    @component(name="mailer")
    class Smtp: ...

    @component(name="mailer")
    class Ses: ...

    bench.add(Smtp, Ses)
    return DuplicateBeanNameError, {
        "name": "mailer",
        "first": "Smtp (named 'mailer')",
        "second": "Ses (named 'mailer')",
    }


def two_bean_methods_of_one_name(bench: Any) -> Any:
    """Writes.pool(): the bean name 'pool' is taken by Reads.pool()

    To do:
    Rename one of them, or let the last one win with
    pyfly.context.allow-bean-definition-overriding: true.
    """

    class Pool: ...

    @configuration
    class Reads:
        @bean
        def pool(self) -> Pool:
            return Pool()

    @configuration
    class Writes:
        @bean
        def pool(self) -> Pool:
            return Pool()

    bench.add(Reads, Writes)
    return DuplicateBeanNameError, {"name": "pool", "first": "Reads.pool()", "second": "Writes.pool()"}


def malformed_profile_of_a_class(bench: Any) -> Any:
    """wiring_mistakes_definitions.malformed_profile_of_a_class.<locals>.Stripe has the malformed profile 'prod &': a profile name is missing at character 7 of 'prod &'.

    To do:
    Write a profile name, or combine names with ! (not), & (and), | (or) and parentheses,
    such as "prod & !eu". Names are made of letters, digits, "_", "." and "-".
    """

    @component(profile="prod &")
    class Stripe: ...

    bench.add(Stripe)
    return ProfileExpressionError, {"expression": "prod &"}


def malformed_profile_of_a_bean_method(bench: Any) -> Any:
    """wiring_mistakes_definitions.malformed_profile_of_a_bean_method.<locals>.Storage#pool has the malformed profile '(prod | eu': a closing parenthesis is missing at character 11 of '(prod | eu'.

    To do:
    Write a profile name, or combine names with ! (not), & (and), | (or) and parentheses,
    such as "prod & !eu". Names are made of letters, digits, "_", "." and "-".
    """

    class Pool: ...

    @configuration
    class Storage:
        @bean(profile="(prod | eu")
        def pool(self) -> Pool:
            return Pool()

    bench.add(Storage)
    return ProfileExpressionError, {"expression": "(prod | eu"}


def two_auto_configurations_before_each_other(bench: Any) -> Any:
    """First -> Second -> First: these auto-configurations demand to come before one another

    To do:
    Drop one of their `before` and `after`.
    """
    bench.module(
        "ring_of_plugins",
        """
        from pyfly.context import auto_configuration

        @auto_configuration(after=["Second"])
        class First: ...

        @auto_configuration(after=["First"])
        class Second: ...
        """,
    )
    bench.entry_point("first", "ring_of_plugins:First")
    bench.entry_point("second", "ring_of_plugins:Second")
    return BeanCreationException, {"subsystem": "startup", "provider": "First -> Second -> First"}


def entry_point_with_a_broken_import(bench: Any) -> Any:
    """Auto-configuration 'broken' (broken_plugin:BrokenAutoConfiguration, from mistaken-plugin) cannot be loaded: ImportError: the installed stripe is too old

    To do:
    Mend mistaken-plugin, or exclude 'broken' with pyfly.autoconfigure.exclude.
    """
    bench.module("broken_plugin", 'raise ImportError("the installed stripe is too old")')
    bench.entry_point("broken", "broken_plugin:BrokenAutoConfiguration")
    return StartupError, {"subsystem": "startup", "provider": "AutoConfigurationError"}


def entry_point_without_its_class(bench: Any) -> Any:
    """Auto-configuration 'empty' (empty_plugin:GoneAutoConfiguration, from mistaken-plugin) cannot be loaded: AttributeError: module 'empty_plugin' has no attribute 'GoneAutoConfiguration'

    To do:
    Mend mistaken-plugin, or exclude 'empty' with pyfly.autoconfigure.exclude.
    """
    bench.module("empty_plugin", "")
    bench.entry_point("empty", "empty_plugin:GoneAutoConfiguration")
    return StartupError, {"subsystem": "startup", "provider": "AutoConfigurationError"}


def scanned_module_with_a_broken_import(bench: Any) -> Any:
    """Scanning shop_to_scan: the module shop_to_scan.orders cannot be imported: No module named 'no_such_library'

    To do:
    Correct the imports of shop_to_scan.orders, install what it needs, or take it out of shop_to_scan.
    """
    bench.module("shop_to_scan", "")
    bench.module("shop_to_scan.orders", "import no_such_library")
    bench.scan("shop_to_scan")
    return ModuleScanError, {"name": "shop_to_scan.orders"}

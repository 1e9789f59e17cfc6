# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: E501 (texts stand here as people see them)
"""Type hints that say too little."""

from typing import Any

from pyfly.container import Autowired, NoSuchBeanError, service
from pyfly.container.exceptions import InjectionPointError


class Mailer: ...


class Printer: ...


def import_behind_type_checking(bench: Any) -> Any:
    """The type hint 'Clock' of 'clock' names 'Clock', which is not known at run time in late_hints
      required by: Billing.__init__()
      parameter: clock

    To do:
    Import 'Clock' in late_hints outside of any TYPE_CHECKING block, at module level.
    """
    bench.module(
        "late_hints",
        """
        from typing import TYPE_CHECKING

        from pyfly.container import service

        if TYPE_CHECKING:
            from shop.clocks import Clock

        @service
        class Billing:
            def __init__(self, clock: "Clock") -> None: ...
        """,
    )
    bench.add(bench.imported("late_hints").Billing)
    return InjectionPointError, {
        "required_by": "Billing.__init__()",
        "parameter": "clock",
        "path": ("Billing",),
    }


def field_import_behind_type_checking(bench: Any) -> Any:
    """The type hint 'list[Clock]' of 'clock' names 'Clock', which is not known at run time in late_field_hints
      required by: Billing.clock
      attribute: clock

    To do:
    Import 'Clock' in late_field_hints outside of any TYPE_CHECKING block, at module level.
    """
    bench.module(
        "late_field_hints",
        """
        from typing import TYPE_CHECKING

        from pyfly.container import Autowired, service

        if TYPE_CHECKING:
            from shop.clocks import Clock

        @service
        class Billing:
            clock: "list[Clock]" = Autowired()
        """,
    )
    bench.add(bench.imported("late_field_hints").Billing)
    return InjectionPointError, {"required_by": "Billing.clock", "parameter": "clock"}


def return_type_behind_type_checking(bench: Any) -> Any:
    """The return annotation names 'Clock', which is not known at run time
      required by: Time.clock()

    To do:
    Import 'Clock' in late_return_hints outside of any TYPE_CHECKING block.
    """
    bench.module(
        "late_return_hints",
        """
        from typing import TYPE_CHECKING

        from pyfly.container import bean, configuration

        if TYPE_CHECKING:
            from shop.clocks import Clock

        @configuration
        class Time:
            @bean
            def clock(self) -> "Clock": ...
        """,
    )
    bench.add(bench.imported("late_return_hints").Time)
    return InjectionPointError, {"required_by": "Time.clock()", "parameter": None}


def parameter_without_annotation(bench: Any) -> Any:
    """The parameter 'clock' has neither a type annotation nor a default
      required by: Billing.__init__()
      parameter: clock

    To do:
    Annotate it (clock: SomeClass), or give it a default.
    """

    @service
    class Billing:
        def __init__(self, clock) -> None: ...  # type: ignore[no-untyped-def]

    bench.add(Billing)
    return InjectionPointError, {"required_by": "Billing.__init__()", "parameter": "clock"}


def field_without_annotation(bench: Any) -> Any:
    """The attribute 'clock' is injected but has no type annotation
      required by: Billing.clock
      attribute: clock

    To do:
    Annotate it: clock: SomeClass = Autowired()
    """

    @service
    class Billing:
        clock = Autowired()

    bench.add(Billing)
    return InjectionPointError, {"required_by": "Billing.clock", "parameter": "clock"}


def class_object_without_default(bench: Any) -> Any:
    """No bean of type 'type[Mailer]' is registered
      required by: Factory.__init__()
      parameter: product
      path: Factory -> type[Mailer] ???

    To do:
    'type[Mailer]' does not say which bean: annotate one class or port that a @component,
    @service or @bean of the scan_packages provides, or give a default.
    """

    @service
    class Factory:
        def __init__(self, product: type[Mailer]) -> None: ...

    bench.add(Factory)
    return NoSuchBeanError, {
        "bean_type": type[Mailer],
        "required_by": "Factory.__init__()",
        "parameter": "product",
    }


def any_without_default(bench: Any) -> Any:
    """No bean of type 'Any' is registered
      required by: Billing.__init__()
      parameter: clock
      path: Billing -> Any ???

    To do:
    'Any' does not say which bean: annotate one class or port that a @component,
    @service or @bean of the scan_packages provides, or give a default.
    """

    @service
    class Billing:
        def __init__(self, clock: Any) -> None: ...

    bench.add(Billing)
    return NoSuchBeanError, {"bean_type": Any, "required_by": "Billing.__init__()", "parameter": "clock"}


def union_of_two_classes(bench: Any) -> Any:
    """No bean of type 'Mailer | Printer' is registered
      required by: Newsletter.__init__()
      parameter: out
      path: Newsletter -> Mailer | Printer ???

    To do:
    'Mailer | Printer' does not say which bean: annotate one class or port that a @component,
    @service or @bean of the scan_packages provides, or give a default.
    """

    @service
    class Newsletter:
        def __init__(self, out: Mailer | Printer) -> None: ...

    bench.add(Newsletter)
    return NoSuchBeanError, {"bean_type": Mailer | Printer, "parameter": "out"}


def plain_value_without_default(bench: Any) -> Any:
    """No bean of type 'str' is registered
      required by: Gateway.__init__()
      parameter: url
      path: Gateway -> str ???

    To do:
    For a setting, write Annotated[str, Value("${some.key}")]. Or give a default,
    or return the value from a @bean method of a @configuration class. (@component and
    @service mark classes of your own, in the scan_packages.)
    """

    @service
    class Gateway:
        def __init__(self, url: str) -> None: ...

    bench.add(Gateway)
    return NoSuchBeanError, {"bean_type": str, "required_by": "Gateway.__init__()", "parameter": "url"}

# SPDX-License-Identifier: Apache-2.0
"""A long-lived bean would keep a short-lived one."""

from typing import Any, Protocol

from pyfly.container import BeanCreationException, Scope, component, refresh_scope, service
from pyfly.container.exceptions import ScopeMismatchError


class Rule(Protocol):
    def holds(self) -> bool: ...


@component(scope=Scope.REQUEST)
class Visitor: ...


class Jobs:
    """A custom scope with a single place for everything."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}

    def get(self, name: str, object_factory: Any) -> Any:
        if name not in self.kept:
            self.kept[name] = object_factory()

        return self.kept[name]

    def remove(self, name: str) -> Any:
        return self.kept.pop(name, None)


def singleton_with_a_request_bean(bench: Any) -> Any:
    """Audit (singleton scope) would keep Visitor (request scope) beyond its end
      required by: Audit.__init__()
      parameter: visitor
      path: Audit -> Visitor

    To do:
    Let Audit take Provider[Visitor] and call it where the bean is used, or give Audit the request scope.
    """

    @service
    class Audit:
        def __init__(self, visitor: Visitor) -> None: ...

    bench.add(Audit, Visitor)
    return ScopeMismatchError, {
        "holder": "Audit",
        "held": "Visitor",
        "holder_scope": "singleton",
        "held_scope": "request",
        "required_by": "Audit.__init__()",
        "parameter": "visitor",
        "path": ("Audit",),
    }


def singleton_with_a_session_bean(bench: Any) -> Any:
    """Checkout (singleton scope) would keep Basket (session scope) beyond its end
      required by: Checkout.__init__()
      parameter: basket
      path: Checkout -> Basket

    To do:
    Let Checkout take Provider[Basket] and call it where the bean is used, or give Checkout the session scope.
    """

    @component(scope=Scope.SESSION)
    class Basket: ...

    @service
    class Checkout:
        def __init__(self, basket: Basket) -> None: ...

    bench.add(Basket, Checkout)
    return ScopeMismatchError, {"holder": "Checkout", "held": "Basket", "held_scope": "session"}


def singleton_with_a_refresh_bean(bench: Any) -> Any:
    """Gateway (singleton scope) would keep Limits (refresh scope) beyond its end
      required by: Gateway.__init__()
      parameter: limits
      path: Gateway -> Limits

    To do:
    Let Gateway take Provider[Limits] and call it where the bean is used, or give Gateway the refresh scope.
    """

    @refresh_scope
    @component
    class Limits: ...

    @service
    class Gateway:
        def __init__(self, limits: Limits) -> None: ...

    bench.add(Limits, Gateway)
    return ScopeMismatchError, {"holder": "Gateway", "held": "Limits", "held_scope": "refresh"}


def singleton_with_a_bean_of_a_custom_scope(bench: Any) -> Any:
    """Importer (singleton scope) would keep Progress (job scope) beyond its end
      required by: Importer.__init__()
      parameter: progress
      path: Importer -> Progress

    To do:
    Let Importer take Provider[Progress] and call it where the bean is used, or give Importer the job scope.
    """

    @component(scope="job")
    class Progress: ...

    @service
    class Importer:
        def __init__(self, progress: Progress) -> None: ...

    bench.context.container.register_scope("job", Jobs())
    bench.add(Progress, Importer)
    return ScopeMismatchError, {"holder": "Importer", "held": "Progress", "held_scope": "job"}


def through_a_transient(bench: Any) -> Any:
    """Mailer (singleton scope) would keep Visitor (request scope) beyond its end
      required by: Mailer.__init__()
      parameter: message
      path: Mailer -> Message -> Visitor

    To do:
    Let Message take Provider[Visitor] and call it where the bean is used, or give Mailer the request scope.
    """

    @component(scope=Scope.TRANSIENT)
    class Message:
        def __init__(self, visitor: Visitor) -> None: ...

    @service
    class Mailer:
        def __init__(self, message: Message) -> None: ...

    bench.add(Message, Mailer, Visitor)
    return ScopeMismatchError, {
        "holder": "Mailer",
        "held": "Visitor",
        "required_by": "Mailer.__init__()",
        "parameter": "message",
        "path": ("Mailer", "Message"),
    }


def in_a_list(bench: Any) -> Any:
    """Policy (singleton scope) would keep OwnOrdersOnly (request scope) beyond its end
      required by: Policy.__init__()
      parameter: rules
      path: Policy -> OwnOrdersOnly

    To do:
    Let Policy take Provider[list[Rule]] and call it where the bean is used, or give Policy the request scope.
    """

    @component(scope=Scope.REQUEST)
    class OwnOrdersOnly(Rule): ...

    @service
    class Policy:
        def __init__(self, rules: list[Rule]) -> None: ...

    bench.add(OwnOrdersOnly, Policy)
    return ScopeMismatchError, {"holder": "Policy", "held": "OwnOrdersOnly", "parameter": "rules"}


def session_bean_with_a_request_bean(bench: Any) -> Any:
    """Basket (session scope) would keep Visitor (request scope) beyond its end
      required by: Basket.__init__()
      parameter: visitor
      path: Basket -> Visitor

    To do:
    Let Basket take Provider[Visitor] and call it where the bean is used, or give Basket the request scope.
    """

    @component(scope=Scope.SESSION)
    class Basket:
        def __init__(self, visitor: Visitor) -> None: ...

    bench.add(Basket, Visitor)
    return ScopeMismatchError, {
        "holder": "Basket",
        "held": "Visitor",
        "holder_scope": "session",
        "held_scope": "request",
    }


def scope_that_nobody_registered(bench: Any) -> Any:
    """Prices: the scope 'tenant' is not registered

    To do:
    Call container.register_scope('tenant', handler) before the start, or give the bean another scope.
    """

    @component(scope="tenant")
    class Prices: ...

    bench.add(Prices)
    return BeanCreationException, {"subsystem": "resolution", "provider": "Prices"}

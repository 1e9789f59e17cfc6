# SPDX-License-Identifier: Apache-2.0
"""The definition of a bean: what is known about it before, and kept of it after, its creation."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum, auto
from threading import RLock
from typing import Any

from pyfly.container.metrics import BeanMetrics
from pyfly.container.types import Scope, ScopeSpec


class ProducerKind(Enum):
    """How a ``@bean`` method yields its product."""

    PLAIN = auto()
    COROUTINE = auto()
    GENERATOR = auto()
    ASYNC_GENERATOR = auto()

    @property
    def is_async(self) -> bool:
        return self in (ProducerKind.COROUTINE, ProducerKind.ASYNC_GENERATOR)


@dataclass(frozen=True, slots=True, eq=False)
class BeanMethod:
    """A ``@bean`` method together with the configuration bean it is called on."""

    owner: "Registration"
    name: str
    function: Callable[..., Any]
    kind: ProducerKind
    nullable: bool = False


@dataclass(eq=False)
class Registration:
    """One bean.

    Attributes:
        impl_type: The class, or the declared return type of the ``@bean`` method.
        scope: How long an instance lives.
        condition: Called without arguments when the context starts; a false result drops the bean.
        instance: The singleton, once it exists.
        name: Explicit name; empty when there is none.
        primary: Preferred among several candidates.
        factory: Builds the instance instead of the class, on every creation.
        provided: Further types under which the bean is found.
        hint: The declared return hint of the ``@bean`` method, for parametrised generics.
        method: The ``@bean`` method that makes the bean; ``None`` for classes.
        order: Place among others; lower comes first.
        lazy: Created at first use instead of at start.
        metrics: What was measured; ``None`` until the bean was first handed out.
    """

    impl_type: type
    scope: ScopeSpec = Scope.SINGLETON
    condition: Callable[..., bool] | None = None
    instance: Any = None
    name: str = ""
    primary: bool = False
    factory: Callable[[], Any] | None = None
    provided: tuple[type, ...] = ()
    hint: Any = None
    method: BeanMethod | None = None
    order: int = 0
    lazy: bool = False
    ready_made: bool = False
    metrics: BeanMetrics | None = None
    absent: bool = False
    lock: Any = field(default_factory=RLock, repr=False)

    @property
    def display_name(self) -> str:
        """The explicit name, else the name of the class, else the members of a union; never raises."""
        if self.name:
            return self.name

        target: Any = self.impl_type
        members = getattr(target, "__args__", None)
        if isinstance(target, type) and not members:
            return target.__name__

        if members:
            return " | ".join(getattr(member, "__name__", str(member)) for member in members)

        return str(target)

    @property
    def label(self) -> str:
        """The bean as error texts show it: ``OrderService``, ``Config.method()``."""
        if self.method is not None:
            return f"{self.method.owner.impl_type.__name__}.{self.method.name}()"

        return f"{self.impl_type.__name__} (named '{self.name}')" if self.name else self.display_name

    @property
    def key(self) -> str:
        """A readable key, unique in the container: the name, or the dotted name of the class."""
        return self.name or f"{self.impl_type.__module__}.{self.impl_type.__qualname__}"

    @property
    def types(self) -> tuple[type, ...]:
        """Every type under which the bean is found exactly."""
        return (self.impl_type, *self.provided)

    @property
    def created(self) -> bool:
        """Whether the singleton exists, or is known to be no bean at all."""
        return self.instance is not None or self.absent

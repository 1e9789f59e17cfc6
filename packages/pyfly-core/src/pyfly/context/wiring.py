# SPDX-License-Identifier: Apache-2.0
"""How a module connects decorated methods of beans with what calls them."""

from typing import Protocol, TypeVar, runtime_checkable

from pyfly.config.store import Config
from pyfly.container.container import Container
from pyfly.container.provider import BeanType
from pyfly.context.events import ApplicationEventBus

T = TypeVar("T")


class WiringContext(Protocol):
    """What a wirer sees of the application context."""

    @property
    def container(self) -> Container: ...

    @property
    def config(self) -> Config: ...

    @property
    def event_bus(self) -> ApplicationEventBus: ...

    def get_bean(self, bean_type: BeanType[T]) -> T: ...


@runtime_checkable
class ContextWirer(Protocol):
    """A bean of a module that wires decorated methods: message listeners, schedules, handlers.

    The context calls each wirer once per start, in ``@order``. It may have two more turns, each optional:

    - ``async before_start(context)`` is called when all beans exist and none has been started: a broker then
      finds its subscriptions when it starts.
    - ``wires(cls) -> bool`` and ``wire_bean(bean) -> int`` go together. Singletons that are created after the
      start are shown to `wire_bean` if `wires` accepts their class; it returns how many methods it connected.

    Attributes:
        wiring_key: The key under which the context counts what was wired.
    """

    wiring_key: str

    async def wire(self, context: WiringContext) -> int:
        """Connect methods of initialised beans, and return how many are connected in all."""
        ...

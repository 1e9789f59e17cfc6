# SPDX-License-Identifier: Apache-2.0
"""The wirers of a context, and what they have wired."""

from typing import Any

from pyfly.container.container import Container
from pyfly.container.ordering import get_order
from pyfly.context.wiring import WiringContext


class Wirers:
    """Calls the wirers of a context at their turns.

    Attributes:
        counts: How many methods and helpers were wired, by kind.
    """

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self._wirers: list[Any] = []
        self._late: list[Any] = []

    async def find(self, container: Container) -> None:
        """Take every bean that wires."""
        definitions = [it for it in container.registrations() if _is_wirer(it.impl_type)]
        wirers = [await container.aobtain(it) for it in definitions]
        self._wirers = sorted(wirers, key=lambda wirer: get_order(type(wirer)))

    async def before_start(self, context: WiringContext) -> None:
        """Give each wirer its turn before any bean is started, if it wants one."""
        for wirer in self._wirers:
            turn = getattr(wirer, "before_start", None)
            if turn is not None:
                await turn(context)

    async def wire(self, context: WiringContext) -> None:
        """Let each wirer connect what there is, and from now on what is created later."""
        for wirer in self._wirers:
            self.counts[wirer.wiring_key] = await wirer.wire(context)

        self._late = [wirer for wirer in self._wirers if _wires_late(type(wirer))]

    def concern(self, cls: type) -> bool:
        """Return whether a bean of a class would be connected now."""
        return any(wirer.wires(cls) for wirer in self._late)

    def wire_late(self, bean: object) -> None:
        """Connect a bean that was created after the start."""
        for wirer in self._late:
            if wirer.wires(type(bean)):
                self.counts[wirer.wiring_key] += wirer.wire_bean(bean)


def _is_wirer(cls: type) -> bool:
    return hasattr(cls, "wiring_key") and callable(getattr(cls, "wire", None))


def _wires_late(cls: type) -> bool:
    return callable(getattr(cls, "wires", None)) and callable(getattr(cls, "wire_bean", None))

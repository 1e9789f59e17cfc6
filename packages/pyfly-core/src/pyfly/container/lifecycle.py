# SPDX-License-Identifier: Apache-2.0
"""What the layer above the container does with beans after their construction and before their end."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from pyfly.container.registry import Registration


class BeanLifecycle(Protocol):
    """Completes beans that the container has just made.

    The container asks :meth:`concerns` once per class when it compiles a plan; for classes that it answers
    with false the other methods are never called.
    """

    def concerns(self, cls: type) -> bool:
        """Return whether instances of a class need anything beyond construction."""
        ...

    async def complete(self, definition: Registration, bean: Any, *, may_await: bool) -> Any:
        """Run the initialisation of a new bean and return the bean, or its replacement.

        Args:
            definition: The bean's definition.
            bean: The new object, its dependencies injected.
            may_await: False inside a synchronous resolve; then asynchronous hooks have to be refused.
        """
        ...

    def ending(self, definition: Registration, bean: Any) -> Callable[[], Awaitable[None] | None] | None:
        """Return what has to be done when the bean leaves its scope, or ``None``."""
        ...

# SPDX-License-Identifier: Apache-2.0
"""The beans behind routes."""

from typing import Any

from pyfly.container.registry import Registration
from pyfly.context.application_context import ApplicationContext


class BeanHandle:
    """One controller or advice bean.

    Attributes:
        type: The class under which the bean is fetched.
    """

    __slots__ = ("_context", "_registration", "_resolve", "type")

    def __init__(self, context: ApplicationContext, registration: Registration) -> None:
        self._context = context
        self._registration = registration
        self._resolve = context.container.resolve
        self.type = registration.impl_type

    def ready(self) -> Any:
        """Return the singleton if it exists already, else ``None``.

        The container is asked each time, so that beans which a test overrides are seen.
        """
        return None if self._registration.instance is None else self._resolve(self.type)

    async def fetch(self) -> Any:
        """Return the bean for the current request, creating it if need be."""
        return await self._context.aget_bean(self.type)

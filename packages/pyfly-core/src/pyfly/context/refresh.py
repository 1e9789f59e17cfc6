# SPDX-License-Identifier: Apache-2.0
"""Reading the configuration again, and what follows from it."""

import dataclasses
from typing import Any

from pyfly.config.store import Config
from pyfly.container.container import Container
from pyfly.container.exceptions import BeanCreationException
from pyfly.container.refresh_scope import RefreshScope
from pyfly.container.registry import Registration
from pyfly.context._settings import shutdown_timeout
from pyfly.context.events import ApplicationEventBus, RefreshScopeRefreshedEvent


class ContextRefresher:
    """Brings a running application up to its changed configuration.

    Args:
        container: Where the beans are.
        scope: The refresh scope whose beans are dropped.
        event_bus: Where the outcome is published.
        config: What is read again; ``None`` leaves the configuration alone.
    """

    def __init__(
        self,
        container: Container,
        scope: RefreshScope,
        event_bus: ApplicationEventBus,
        config: Config | None = None,
    ) -> None:
        # Importing the core must stay cheap; the loop's machinery comes with the first application.
        from asyncio import Lock

        self._container = container
        self._scope = scope
        self._event_bus = event_bus
        self._config = config
        self._lock = Lock()

    async def refresh(self) -> list[str]:
        """Read the sources again, rebind ``@config_properties`` beans, and drop the refresh-scoped ones.

        Everything new is bound before anything old is touched. Bound objects change in place where they can,
        so that who holds them sees the new values. Refreshes run one after the other. The end of each dropped
        bean may take ``pyfly.context.shutdown-timeout``; a cancellation takes effect when all have ended.

        Returns:
            The keys of the beans that were dropped.

        Raises:
            ConfigurationError: A file cannot be read; nothing has changed.
            BeanCreationException: The new configuration does not fit a bean; nothing has changed.
        """
        # The loop's machinery is only imported by an application that runs.
        from pyfly.context._shutdown import Shutdown

        async with self._lock:
            for definition, fresh in self._reread():
                self._swap(definition, fresh)

            evicted = self._scope.evict()
            shutdown = Shutdown(shutdown_timeout(self._config))
            await shutdown.end_evicted(self._container, evicted)
            await self._event_bus.publish(RefreshScopeRefreshedEvent(list(evicted)))
            shutdown.finish()
            return list(evicted)

    def _reread(self) -> list[tuple[Registration, Any]]:
        if self._config is None or not self._config.reload_from_sources():
            return self._rebound()

        try:
            return self._rebound()
        except BeanCreationException:
            self._config.undo_reload()
            raise

    def _rebound(self) -> list[tuple[Registration, Any]]:
        return [
            (definition, definition.factory())
            for definition in self._container.registrations()
            if definition.factory is not None
            and definition.instance is not None
            and "__pyfly_config_prefix__" in vars(definition.impl_type)
        ]

    def _swap(self, definition: Registration, fresh: Any) -> None:
        if _is_frozen(type(fresh)):
            self._container.replace_instance(definition, fresh)
        else:
            vars(definition.instance).update(vars(fresh))


def _is_frozen(cls: type) -> bool:
    if dataclasses.is_dataclass(cls):
        parameters: Any = vars(cls)["__dataclass_params__"]
        return bool(parameters.frozen) or "__slots__" in vars(cls)

    return bool(getattr(cls, "model_config", {}).get("frozen", False))

# SPDX-License-Identifier: Apache-2.0
"""Reading the configuration again, and what follows from it."""

import dataclasses
from collections.abc import Callable
from typing import Any

from pyfly.config.store import Config
from pyfly.container.container import Container
from pyfly.container.refresh_scope import RefreshScope
from pyfly.container.registry import Registration
from pyfly.context._settings import shutdown_timeout
from pyfly.context.events import (
    ApplicationEventBus,
    EnvironmentChangeEvent,
    RefreshScopeRefreshedEvent,
)


class ContextRefresher:
    """Brings a running application up to its changed configuration; what has not changed is left alone.

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
        self._known: dict[str, Any] | None = None
        self._checks: list[Callable[[Config], None]] = []

    def remember(self) -> None:
        """Take the settings of this moment for those that the beans were made from."""
        if self._config is not None:
            self._known = self._config.effective_leaves()

    def add_check(self, check: Callable[[Config], None]) -> None:
        """Let new settings pass a check before anything is bound to them.

        Args:
            check: Called with the configuration; an exception from it undoes the refresh.
        """
        self._checks.append(check)

    async def refresh(self) -> list[str]:
        """Read the sources again, and bring up to date what depends on the settings that have changed.

        Sources are read off the event loop. Everything new is checked and bound before anything old is
        touched. Bound ``@config_properties`` objects change in place where they can, so that who holds them
        sees the new values; one object changes at once, several one after the other. A refresh-scoped bean is
        dropped, unless it is made from settings alone and none of them has changed; all are dropped when the
        configuration cannot be read again. Profiles stay as they are. Refreshes run one after the other. The
        end of each dropped bean may take ``pyfly.context.shutdown-timeout``; a cancellation takes effect when
        all have ended, and one that comes earlier, when the sources are read, without any change.

        `EnvironmentChangeEvent` names the changed keys, if there are any; `RefreshScopeRefreshedEvent` the
        dropped beans.

        Returns:
            The keys of the beans that were dropped.

        Raises:
            ConfigurationError: A source cannot be read, or several settings are wrong; nothing has changed.
            BeanCreationException: The settings of one class do not fit; nothing has changed.
        """
        # The loop's machinery is only imported by an application that runs.
        from pyfly.context._shutdown import Shutdown

        async with self._lock:
            reloaded = await self._reload()
            fresh = self._checked(reloaded)
            changes = self._changes(fresh)
            for definition, bound in fresh:
                self._swap(definition, bound)

            evicted = self._scope.evict(changes.spared(self._container) if reloaded else ())
            shutdown = Shutdown(shutdown_timeout(self._config))
            await shutdown.end_evicted(self._container, evicted)
            if changes.keys:
                await self._event_bus.publish(EnvironmentChangeEvent(changes.keys))

            await self._event_bus.publish(RefreshScopeRefreshedEvent(list(evicted)))
            shutdown.finish()
            return list(evicted)

    async def _reload(self) -> bool:
        import asyncio

        if self._config is None:
            return False

        # A thread goes on when its caller is cancelled: what it has read by then must not stay unchecked.
        reading = asyncio.ensure_future(asyncio.to_thread(self._config.reload_from_sources))
        cancelled: asyncio.CancelledError | None = None
        while not reading.done():
            try:
                await asyncio.wait({reading})
            except asyncio.CancelledError as error:
                cancelled = error

        if cancelled is None:
            return reading.result()

        if reading.exception() is None and reading.result():
            self._config.undo_reload()

        raise cancelled

    def _checked(self, reloaded: bool) -> list[tuple[Registration, Any]]:
        try:
            if self._config is not None:
                for check in self._checks:
                    check(self._config)

            return self._rebound()
        except Exception:
            if reloaded and self._config is not None:
                self._config.undo_reload()

            raise

    def _rebound(self) -> list[tuple[Registration, Any]]:
        bound = [
            (definition, definition.factory())
            for definition in self._container.registrations()
            if definition.factory is not None
            and definition.instance is not None
            and "__pyfly_config_prefix__" in vars(definition.impl_type)
        ]
        return [(definition, fresh) for definition, fresh in bound if fresh != definition.instance]

    def _changes(self, fresh: list[tuple[Registration, Any]]) -> Any:
        # What compares settings is imported by an application that refreshes, not with the core.
        from pyfly.context._changes import Changes, changed_fields

        known = self._known or {}
        fields = [
            key
            for definition, bound in fresh
            for key in changed_fields(
                definition.instance, bound, vars(definition.impl_type)["__pyfly_config_prefix__"]
            )
        ]
        self.remember()
        return Changes(known, self._known or {}, fields)

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

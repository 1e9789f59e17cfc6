# SPDX-License-Identifier: Apache-2.0
"""The filter of idempotency keys as a bean, where it is switched on."""

from inspect import iscoroutinefunction
from typing import Any, Final

from pyfly.config.properties.idempotency import IdempotencyProperties
from pyfly.config.store import Config
from pyfly.container.bean import bean
from pyfly.container.container import Container
from pyfly.container.exceptions import BeanCreationException
from pyfly.context.conditions import auto_configuration, conditional_on_class, conditional_on_property
from pyfly.web.idempotency import (
    CacheIdempotencyStore,
    IdempotencyCache,
    IdempotencyStore,
    InMemoryIdempotencyStore,
)
from pyfly.web.ports.filter import WebFilter

_STORE_KEY: Final = "pyfly.web.idempotency.store"
_CACHE_METHODS: Final = ("get", "put", "evict")


class MissingIdempotencyStoreError(BeanCreationException, RuntimeError):
    """Report that idempotency keys are switched on, and that there is nowhere to keep them.

    Attributes:
        wanted: What was looked for.
    """

    def __init__(self, wanted: str) -> None:
        self.wanted = wanted
        super().__init__(
            "idempotency",
            "IdempotencyFilterAutoConfiguration.idempotency_web_filter",
            f"idempotency keys need {wanted}, and there is none.",
            action=(
                "Install a cache, or declare a bean that is an IdempotencyStore, "
                f"or set {_STORE_KEY} to 'memory' if the service runs in one process."
            ),
        )

    def _facts(self) -> dict[str, Any]:
        return {"wanted": self.wanted}


@auto_configuration
@conditional_on_class("starlette")
@conditional_on_property("pyfly.web.enabled", match_if_missing=True)
@conditional_on_property("pyfly.web.idempotency.enabled", having_value="true")
class IdempotencyFilterAutoConfiguration:
    """Provide the filter where ``pyfly.web.idempotency.enabled`` is true."""

    @bean
    def idempotency_web_filter(
        self,
        config: Config,
        cache: IdempotencyCache | None = None,
        store: IdempotencyStore | None = None,
        container: Container | None = None,
    ) -> WebFilter:
        """Make the filter.

        Args:
            config: Has the settings, ``pyfly.web.idempotency.*``.
            cache: The cache that keeps the answers.
            store: The store that keeps them; it comes before the cache.
            container: Where the cache is looked for otherwise.

        Raises:
            MissingIdempotencyStoreError: There is nowhere to keep answers.
        """
        from pyfly.web.adapters.starlette.filters.idempotency_filter import IdempotencyWebFilter

        properties = config.bind(IdempotencyProperties)
        return IdempotencyWebFilter(
            _store_of(properties, cache, store, container),
            properties.ttl_seconds.total_seconds(),
            lock_timeout=properties.lock_timeout.total_seconds(),
            store_timeout=properties.store_timeout.total_seconds(),
            fails_open=properties.on_store_failure == "open",
            stored_client_errors=properties.stored_client_errors,
            max_key_length=properties.max_key_length,
            max_request_size=properties.max_request_size,
            max_response_size=properties.max_response_size,
            caller_headers=properties.caller_headers,
        )


def _store_of(
    properties: IdempotencyProperties,
    cache: IdempotencyCache | None,
    store: IdempotencyStore | None,
    container: Container | None,
) -> IdempotencyStore:
    if properties.store == "memory":
        return InMemoryIdempotencyStore(max_entries=properties.max_entries, max_bytes=properties.max_memory)

    if properties.store == "auto" and store is not None:
        return store

    found = _cache_of(container) if cache is None and container is not None else cache
    if found is None:
        wanted = "a store or a cache" if properties.store == "auto" else f"a cache ({_STORE_KEY} is 'cache')"
        raise MissingIdempotencyStoreError(wanted)

    return CacheIdempotencyStore(found)


def _cache_of(container: Container) -> IdempotencyCache | None:
    # The port of caches belongs to a module that need not be installed: a cache is known by what it can do.
    found = [it for it in container.registrations() if _is_cache(it.impl_type)]
    chosen = [it for it in found if it.primary] or found
    if len(chosen) > 1:
        names = ", ".join(sorted(it.impl_type.__name__ for it in chosen))
        raise BeanCreationException(
            "idempotency",
            "IdempotencyFilterAutoConfiguration.idempotency_web_filter",
            f"idempotency keys need one cache, and there are several: {names}.",
            action="Mark one of them as primary, or declare a bean that is an IdempotencyStore.",
        )

    cache: IdempotencyCache | None = container.obtain(chosen[0]) if chosen else None
    return cache


def _is_cache(cls: type) -> bool:
    return all(iscoroutinefunction(getattr(cls, name, None)) for name in _CACHE_METHODS)

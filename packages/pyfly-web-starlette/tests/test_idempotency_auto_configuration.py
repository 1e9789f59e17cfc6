# SPDX-License-Identifier: Apache-2.0
import pickle
from datetime import timedelta
from importlib.metadata import entry_points
from typing import Any

import pytest

from pyfly.config.errors import BindingError
from pyfly.config.store import Config
from pyfly.container.exceptions import BeanCreationException
from pyfly.container.stereotypes import component, service
from pyfly.context.application_context import ApplicationContext
from pyfly.web import post_mapping, rest_controller
from pyfly.web.adapters.starlette.app import create_app
from pyfly.web.adapters.starlette.filters.idempotency_filter import IdempotencyWebFilter
from pyfly.web.idempotency import IdempotencyCache, IdempotencyStore, InMemoryIdempotencyStore
from pyfly.web.idempotency_auto_configuration import (
    IdempotencyFilterAutoConfiguration,
    MissingIdempotencyStoreError,
)
from pyfly.web.testing import AsgiClient


@rest_controller
class CountController:
    def __init__(self) -> None:
        self.count = 0

    @post_mapping("/count")
    async def add(self) -> int:
        self.count += 1
        return self.count


@component
class AnyCache:
    """A cache that knows nothing of idempotency keys."""

    def __init__(self) -> None:
        self.entries: dict[str, Any] = {}

    async def get(self, key: str) -> Any:
        return self.entries.get(key)

    async def put(self, key: str, value: Any, ttl: timedelta) -> None:
        self.entries[key] = value

    async def put_if_absent(self, key: str, value: Any, ttl: timedelta) -> bool:
        return self.entries.setdefault(key, value) is value

    async def evict(self, key: str) -> None:
        self.entries.pop(key, None)


@component
class OtherCache(AnyCache):
    pass


@component
class DeclaredCache(AnyCache, IdempotencyCache):
    pass


@service
class OwnStore(InMemoryIdempotencyStore):
    def __init__(self) -> None:
        super().__init__()
        self.begun: list[str] = []

    async def begin(self, key: str, fingerprint: str, lease: timedelta) -> Any:
        self.begun.append(key)
        return await super().begin(key, fingerprint, lease)


def context_of(*beans: type, **settings: Any) -> ApplicationContext:
    context = ApplicationContext(Config({"pyfly": {"web": {"idempotency": settings}}}))
    for bean in (CountController, *beans):
        context.register_bean(bean)

    return context


async def counts(context: ApplicationContext) -> list[int]:
    await context.start()
    client = AsgiClient(create_app(context=context))
    answers = [await client.post("/count", headers={"Idempotency-Key": "k"}) for _ in range(2)]
    await context.stop()
    return [answer.json() for answer in answers]


def test_entry_point_names_the_class() -> None:
    (found,) = entry_points(group="pyfly.auto_configuration", name="idempotency-filter")

    assert found.load() is IdempotencyFilterAutoConfiguration


@pytest.mark.parametrize("settings", [{}, {"enabled": False}, {"enabled": "no", "store": "memory"}])
async def test_keys_are_not_heeded_unless_that_is_switched_on(settings: dict[str, Any]) -> None:
    assert await counts(context_of(**settings)) == [1, 2]


@pytest.mark.parametrize("truth", [True, "true", "yes", "ON", 1])
async def test_memory_keeps_answers_where_that_is_chosen(truth: object) -> None:
    assert await counts(context_of(enabled=truth, store="memory")) == [1, 1]


@pytest.mark.parametrize("cache", [AnyCache, DeclaredCache])
@pytest.mark.parametrize("store", ["auto", "cache"])
async def test_cache_of_the_application_keeps_answers(cache: type[AnyCache], store: str) -> None:
    context = context_of(cache, enabled=True, store=store)

    assert await counts(context) == [1, 1]
    assert list(context.get_bean(cache).entries) == ["idem:POST:/count:k"]


async def test_store_of_the_application_comes_before_its_cache() -> None:
    context = context_of(AnyCache, OwnStore, enabled=True)

    assert await counts(context) == [1, 1]
    assert context.get_bean(OwnStore).begun == ["idem:POST:/count:k"] * 2
    assert context.get_bean(AnyCache).entries == {}


async def test_cache_can_be_chosen_over_the_store() -> None:
    context = context_of(AnyCache, OwnStore, enabled=True, store="cache")

    assert await counts(context) == [1, 1]
    assert context.get_bean(OwnStore).begun == []


async def test_without_store_and_cache_the_start_fails_and_tells_the_ways_out() -> None:
    with pytest.raises(MissingIdempotencyStoreError) as caught:
        await context_of(enabled=True).start()

    error = caught.value
    assert isinstance(error, RuntimeError)
    assert error.reason == "idempotency keys need a store or a cache, and there is none."
    assert error.action == (
        "Install a cache, or declare a bean that is an IdempotencyStore, "
        "or set pyfly.web.idempotency.store to 'memory' if the service runs in one process."
    )
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


async def test_store_does_not_stand_in_for_a_chosen_cache() -> None:
    with pytest.raises(
        MissingIdempotencyStoreError, match=r"a cache \(pyfly.web.idempotency.store is 'cache'\)"
    ):
        await context_of(OwnStore, enabled=True, store="cache").start()


async def test_several_caches_need_a_decision() -> None:
    with pytest.raises(BeanCreationException, match="there are several: AnyCache, OtherCache"):
        await context_of(AnyCache, OtherCache, enabled=True).start()


def test_it_can_be_called_by_hand() -> None:
    configuration = IdempotencyFilterAutoConfiguration()

    assert isinstance(configuration.idempotency_web_filter(Config({}), AnyCache()), IdempotencyWebFilter)
    with pytest.raises(RuntimeError, match="Install a cache"):
        configuration.idempotency_web_filter(Config({}))


async def test_every_setting_reaches_the_filter() -> None:
    context = context_of(
        OwnStore,
        enabled=True,
        **{
            "ttl-seconds": "1h",
            "lock-timeout": 10,
            "store-timeout": "500ms",
            "on-store-failure": "open",
            "stored-client-errors": "409,422",
            "max-key-length": 3,
            "max-request-size": "10B",
            "max-response-size": "1MB",
            "caller-headers": ["X-Client"],
        },
    )
    await context.start()
    client = AsgiClient(create_app(context=context))

    long_key = await client.post("/count", headers={"Idempotency-Key": "four"})
    long_body = await client.post("/count", headers={"Idempotency-Key": "k"}, body=b"12345678901")
    first = await client.post("/count", headers={"Idempotency-Key": "k", "X-Client": "a"})
    other = await client.post("/count", headers={"Idempotency-Key": "k", "X-Client": "b"})
    await context.stop()

    assert [long_key.status, long_body.status, first.status, other.status] == [400, 413, 200, 422]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("store", "redis"),
        ("ttl-seconds", 0),
        ("lock-timeout", "-1s"),
        ("store-timeout", "soon"),
        ("on-store-failure", "maybe"),
        ("stored-client-errors", [500]),
        ("max-key-length", 0),
        ("max-entries", 0),
    ],
)
async def test_wrong_setting_stops_the_start_with_its_key(key: str, value: object) -> None:
    with pytest.raises((BindingError, BeanCreationException), match=rf"pyfly\.web\.idempotency\.{key}"):
        await context_of(OwnStore, **{"enabled": True, key: value}).start()


def test_store_is_a_port() -> None:
    assert isinstance(InMemoryIdempotencyStore(), IdempotencyStore)

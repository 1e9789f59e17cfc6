# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable
from threading import Event, Thread
from typing import Any

import pytest

from pyfly.container import Container, Provider, RefreshScope, Scope, ScopeHandler, refresh_scope, service
from pyfly.container.refresh_scope import REFRESH_SCOPE_NAME
from pyfly.container.types import scope_name


class Tenants(ScopeHandler):
    """Keeps one object per tenant and name."""

    def __init__(self) -> None:
        self.tenant = "acme"
        self.kept: dict[tuple[str, str], Any] = {}

    def get(self, name: str, object_factory: Callable[[], Any]) -> Any:
        if (self.tenant, name) not in self.kept:
            self.kept[self.tenant, name] = object_factory()

        return self.kept[self.tenant, name]

    def remove(self, name: str) -> Any | None:
        return self.kept.pop((self.tenant, name), None)


class TestBuiltIn:
    def test_singleton_is_one_per_container(self) -> None:
        class Single: ...

        first, second = Container(), Container()
        first.register(Single)
        second.register(Single)

        assert first.resolve(Single) is first.resolve(Single)
        assert first.resolve(Single) is not second.resolve(Single)

    def test_transient_is_new_each_time_and_shares_singletons(self) -> None:
        class Single: ...

        class Part:
            def __init__(self, single: Single) -> None:
                self.single = single

        class Whole:
            def __init__(self, left: Part, *, right: Part) -> None:
                self.left, self.right = left, right

        container = Container()
        container.register(Single)
        container.register(Part, scope=Scope.TRANSIENT)
        container.register(Whole, scope=Scope.TRANSIENT)

        first, second = container.resolve(Whole), container.resolve(Whole)

        assert (
            len({id(it) for it in (first, second, first.left, first.right, second.left, second.right)}) == 6
        )
        assert first.left.single is second.right.single

    def test_scope_names(self) -> None:
        assert [scope_name(scope) for scope in Scope] == ["SINGLETON", "TRANSIENT", "REQUEST", "SESSION"]
        assert scope_name("tenant") == "tenant"


class TestCustom:
    def test_goes_through_the_handler(self) -> None:
        @service(scope="tenant")
        class Settings: ...

        container, tenants = Container(), Tenants()
        container.register_scope("tenant", tenants)
        container.register(Settings)

        first = container.resolve(Settings)
        assert container.resolve(Settings) is first
        tenants.tenant = "other"
        assert container.resolve(Settings) is not first
        tenants.tenant = "acme"
        assert container.resolve(Settings) is first

    def test_port_and_concrete_type_share_one_object(self) -> None:
        class Port: ...

        class Adapter(Port): ...

        container = Container()
        container.register_scope("tenant", Tenants())
        container.register(Adapter, scope="tenant")
        container.bind(Port, Adapter)

        assert container.resolve(Port) is container.resolve(Adapter)

    def test_equal_names_in_two_modules_never_mix(self) -> None:
        here = type("Settings", (), {"__module__": "shop.here"})
        there = type("Settings", (), {"__module__": "shop.there"})
        container = Container()
        container.register_scope("tenant", Tenants())
        container.register(here, scope="tenant")
        container.register(there, scope="tenant")

        assert type(container.resolve(here)) is here
        assert type(container.resolve(there)) is there

    def test_unknown_scope(self) -> None:
        class Settings: ...

        container = Container()
        container.register(Settings, scope="tenant")

        with pytest.raises(RuntimeError, match=r"'tenant'.*not registered"):
            container.resolve(Settings)

    def test_unregistered_scope_is_unknown_again(self) -> None:
        class Settings: ...

        container = Container()
        container.register(Settings, scope="tenant")
        container.register_scope("tenant", Tenants())
        container.resolve(Settings)

        container.unregister_scope("tenant")
        container.unregister_scope("tenant")

        with pytest.raises(RuntimeError, match="not registered"):
            container.resolve(Settings)

    @pytest.mark.parametrize("name", ["", None, 3])
    def test_name_has_to_be_text(self, name: Any) -> None:
        with pytest.raises(ValueError, match="non-empty"):
            Container().register_scope(name, Tenants())

    @pytest.mark.parametrize("name", ["singleton", "transient", "request", "session"])
    def test_built_in_names_are_taken(self, name: str) -> None:
        with pytest.raises(ValueError, match="built-in"):
            Container().register_scope(name, Tenants())

    def test_failed_creation_keeps_nothing(self) -> None:
        attempts: list[int] = []

        class Moody:
            def __init__(self) -> None:
                attempts.append(1)
                if len(attempts) == 1:
                    raise OSError("not yet")

        container = Container()
        container.register_scope("tenant", Tenants())
        container.register(Moody, scope="tenant")

        with pytest.raises(OSError, match="not yet"):
            container.resolve(Moody)

        assert isinstance(container.resolve(Moody), Moody)

    async def test_asynchronous_resolve_uses_the_same_place(self) -> None:
        class Settings: ...

        container = Container()
        container.register_scope("tenant", Tenants())
        container.register(Settings, scope="tenant")

        assert await container.aresolve(Settings) is container.resolve(Settings)


class TestRefreshScope:
    def test_makes_once_per_name_until_refreshed(self) -> None:
        scope = RefreshScope()

        first = scope.get("a", object)

        assert scope.get("a", object) is first
        assert scope.refresh() == ["a"]
        assert scope.get("a", object) is not first

    def test_none_counts_as_kept(self) -> None:
        scope = RefreshScope()
        calls: list[int] = []

        scope.get("a", lambda: calls.append(1))
        scope.get("a", lambda: calls.append(2))

        assert calls == [1]
        assert scope.refresh() == ["a"]

    def test_remove(self) -> None:
        scope = RefreshScope()
        kept = scope.get("a", object)

        assert scope.remove("a") is kept
        assert scope.remove("a") is None

    def test_decorator_goes_outside_the_stereotype(self) -> None:
        @refresh_scope
        @service
        class Rates: ...

        container, scope = Container(), RefreshScope()
        container.register_scope(REFRESH_SCOPE_NAME, scope)
        container.register(Rates)

        first = container.resolve(Rates)
        assert container.resolve(Rates) is first
        scope.refresh()
        assert container.resolve(Rates) is not first

    def test_creations_of_different_beans_do_not_wait_for_each_other(self) -> None:
        scope = RefreshScope()
        slow_began, slow_may_end = Event(), Event()

        def slow() -> str:
            slow_began.set()
            assert slow_may_end.wait(10)
            return "slow"

        creation = Thread(target=lambda: scope.get("slow", slow))
        creation.start()
        try:
            assert slow_began.wait(10)
            quick = Thread(target=lambda: scope.get("quick", object))
            quick.start()
            quick.join(5)
            finished = not quick.is_alive()
        finally:
            slow_may_end.set()
            creation.join(10)

        assert finished

    def test_many_threads_make_one_object(self) -> None:
        scope = RefreshScope()
        made: list[object] = []

        def make() -> object:
            made.append(object())
            return made[-1]

        threads = [Thread(target=lambda: scope.get("a", make)) for _ in range(8)]
        for thread in threads:
            thread.start()

        for thread in threads:
            thread.join(10)

        assert len(made) == 1


def test_provider_lets_a_singleton_use_a_shorter_lived_bean() -> None:
    @service(scope=Scope.TRANSIENT)
    class Job: ...

    class Runner:
        def __init__(self, jobs: Provider[Job]) -> None:
            self.jobs = jobs

    container = Container()
    container.register(Job)
    container.register(Runner)

    assert container.resolve(Runner).jobs() is not container.resolve(Runner).jobs()

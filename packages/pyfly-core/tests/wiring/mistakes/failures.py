# SPDX-License-Identifier: Apache-2.0
# ruff: noqa: E501 (texts stand here as people see them)
"""Beans that fail while they are made or started."""

from collections.abc import AsyncIterator, Iterator
from typing import Any

from pyfly.container import BeanCreationException, Provider, bean, component, configuration, service
from pyfly.context import post_construct
from pyfly.context.exceptions import StartupError


class Pool: ...


def constructor_that_raises(bench: Any) -> Any:
    """PermissionError: the key file is not readable
      while creating Secrets -> Vault

    To do:
    The traceback names the line that raised it.
    """

    @component
    class Vault:
        def __init__(self) -> None:
            raise PermissionError("the key file is not readable")

    @service
    class Secrets:
        def __init__(self, vault: Vault) -> None: ...

    bench.add(Secrets, Vault)
    return StartupError, {
        "subsystem": "startup",
        "provider": "PermissionError",
        "reason": "the key file is not readable",
    }


def bean_method_that_raises(bench: Any) -> Any:
    """ConnectionError
      while creating Storage.pool()

    To do:
    The traceback names the line that raised it.
    """

    @configuration
    class Storage:
        @bean
        async def pool(self) -> Pool:
            raise ConnectionError

    bench.add(Storage)
    return StartupError, {"subsystem": "startup", "provider": "ConnectionError"}


def post_construct_that_raises(bench: Any) -> Any:
    """Catalogue: load() failed: FileNotFoundError: catalogue.csv

    To do:
    The traceback names the line that raised it.
    """

    @service
    class Catalogue:
        @post_construct
        async def load(self) -> None:
            raise FileNotFoundError("catalogue.csv")

    bench.add(Catalogue)
    return BeanCreationException, {"subsystem": "lifecycle", "provider": "Catalogue"}


def start_that_raises(bench: Any) -> Any:
    """Listener: start() failed: OSError: port 5672 is in use

    To do:
    The traceback names the line that raised it.
    """

    @service
    class Listener:
        async def start(self) -> None:
            raise OSError("port 5672 is in use")

        async def stop(self) -> None: ...

    bench.add(Listener)
    return BeanCreationException, {"subsystem": "infrastructure", "provider": "Listener"}


def bean_method_that_returns_none(bench: Any) -> Any:
    """Storage.pool(): it returned None, but is declared to return 'Pool'

    To do:
    Return a bean, or declare `-> Pool | None` if there may be none.
    """

    @configuration
    class Storage:
        @bean
        def pool(self) -> Pool:
            return None  # type: ignore[return-value]

    bench.add(Storage)
    return BeanCreationException, {"subsystem": "resolution", "provider": "Storage.pool()"}


def async_bean_taken_synchronously(bench: Any) -> Any:
    """Storage.pool(): its factory is asynchronous; only an injection or `await context.aget_bean(...)` can wait
      while creating Reports -> Storage.pool()

    To do:
    Inject the bean itself, or take it with `await provider.aget()`, `await container.aresolve(...)` or
    `await context.aget_bean(...)`.
    """

    @service
    class Reports:
        def __init__(self, pool: Provider[Pool]) -> None:
            self.pool = pool.get()

    @configuration
    class Storage:
        @bean
        async def pool(self) -> Pool:
            return Pool()

    bench.add(Reports, Storage)
    return BeanCreationException, {"subsystem": "resolution", "provider": "Storage.pool()"}


def generator_that_never_yields(bench: Any) -> Any:
    """Storage.pool(): its generator ended without a yield

    To do:
    Let it yield exactly one Pool on every way through it.
    """

    @configuration
    class Storage:
        @bean
        def pool(self) -> Iterator[Pool]:
            if self is None:
                yield Pool()

    bench.add(Storage)
    return BeanCreationException, {"subsystem": "resolution", "provider": "Storage.pool()"}


def async_generator_that_never_yields(bench: Any) -> Any:
    """Storage.pool(): its generator ended without a yield

    To do:
    Let it yield exactly one Pool on every way through it.
    """

    @configuration
    class Storage:
        @bean
        async def pool(self) -> AsyncIterator[Pool]:
            if self is None:
                yield Pool()

    bench.add(Storage)
    return BeanCreationException, {"subsystem": "resolution", "provider": "Storage.pool()"}


def before_init_that_returns_nothing(bench: Any) -> Any:
    """Tracing: before_init() returned None for 'Q0'

    To do:
    Return the bean, or its replacement, from Tracing.before_init().
    """

    @component
    class Tracing:
        def before_init(self, bean: Any, bean_name: str) -> Any: ...

        def after_init(self, bean: Any, bean_name: str) -> Any:
            return bean

    @service
    class Billing: ...

    bench.add(Tracing, Billing)
    return BeanCreationException, {"subsystem": "lifecycle", "provider": "Tracing"}


def after_init_that_returns_nothing(bench: Any) -> Any:
    """Tracing: after_init() returned None for 'Q0'

    To do:
    Return the bean, or its replacement, from Tracing.after_init().
    """

    class Tracing:
        def before_init(self, bean: Any, bean_name: str) -> Any:
            return bean

        def after_init(self, bean: Any, bean_name: str) -> Any: ...

    @service
    class Billing: ...

    bench.context.register_post_processor(Tracing())
    bench.add(Billing)
    return BeanCreationException, {"subsystem": "lifecycle", "provider": "Tracing"}

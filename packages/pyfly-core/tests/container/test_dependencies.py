# SPDX-License-Identifier: Apache-2.0
from typing import Annotated

from pyfly.config.store import Config
from pyfly.config.value import Value
from pyfly.container import Autowired, Container, Lazy, Provider, Qualifier, bean, configuration
from pyfly.context import ApplicationContext


class Repo: ...


class MemoryRepo(Repo): ...


class FileRepo(Repo): ...


class Missing: ...


def dependencies(cls: type, *others: type) -> list[type]:
    container = Container()
    for each in (*others, cls):
        container.register(each)

    definition = container.get_registration(cls)
    assert definition is not None
    found = container.dependencies_of(definition)
    assert not any(it.created for it in container.registrations())
    return [it.impl_type for it in found]


def test_they_come_in_the_order_of_the_injection_points() -> None:
    class Holder:
        other: MemoryRepo = Autowired()

        def __init__(self, repo: FileRepo) -> None: ...

    assert dependencies(Holder, MemoryRepo, FileRepo) == [FileRepo, MemoryRepo]


def test_those_behind_handles_count() -> None:
    class Holder:
        def __init__(
            self,
            first: Provider[FileRepo],
            second: Lazy[MemoryRepo] | None,
            third: Provider[Annotated[Repo, Qualifier("none")]],
        ) -> None: ...

    assert dependencies(Holder, FileRepo, MemoryRepo) == [FileRepo, MemoryRepo]


def test_all_of_a_collection_count() -> None:
    class Holder:
        def __init__(self, repos: list[Repo]) -> None: ...

    assert dependencies(Holder, FileRepo, MemoryRepo) == [FileRepo, MemoryRepo]


def test_each_is_named_once() -> None:
    class Holder:
        def __init__(self, first: FileRepo, second: Provider[FileRepo]) -> None: ...

    assert dependencies(Holder, FileRepo) == [FileRepo]


def test_what_is_missing_or_a_value_is_passed_over() -> None:
    class Holder:
        def __init__(
            self, lost: Missing, value: Annotated[str, Value("${shop.name}")], repo: FileRepo
        ) -> None: ...

    assert dependencies(Holder, FileRepo) == [FileRepo]


def test_a_product_depends_on_its_configuration_first() -> None:
    @configuration
    class Repos:
        @bean
        def repo(self, missing: Missing | None, other: FileRepo) -> MemoryRepo:
            return MemoryRepo()

    context = ApplicationContext(Config({}))
    context.register_bean(Repos)
    context.register_bean(FileRepo)
    context.prepare()

    (definition,) = context.container.registrations_of(MemoryRepo)

    assert [it.impl_type for it in context.container.dependencies_of(definition)] == [Repos, FileRepo]

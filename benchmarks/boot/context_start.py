# SPDX-License-Identifier: Apache-2.0
"""Build and fill one container in this process: `python -m benchmarks.boot.context_start <contender>`.

Prints the nanoseconds. A container of three classes was built before, so that all imports are done.
"""

import asyncio
import inspect
import sys
from collections.abc import Callable
from time import perf_counter_ns

from benchmarks.boot.graph import check_instances, generate_classes

Builder = Callable[[list[type]], list[object]]


def with_context() -> Builder:
    from pyfly.config.store import Config
    from pyfly.context.application_context import ApplicationContext

    def build(classes: list[type]) -> list[object]:
        context = ApplicationContext(Config({}))
        for cls in classes:
            context.register_bean(cls)

        asyncio.run(context.start())
        return [context.get_bean(cls) for cls in classes]

    return build


def with_container() -> Builder:
    from pyfly.container.container import Container

    def build(classes: list[type]) -> list[object]:
        container = Container()
        for cls in classes:
            container.register(cls)

        return [container.resolve(cls) for cls in classes]

    return build


def with_dishka() -> Builder:
    import dishka

    def build(classes: list[type]) -> list[object]:
        provider = dishka.Provider(scope=dishka.Scope.APP)
        provider.provide_all(*classes)
        container = dishka.make_container(provider, lock_factory=None)
        return [container.get(cls) for cls in classes]

    return build


def with_wireup() -> Builder:
    import wireup

    def build(classes: list[type]) -> list[object]:
        for cls in classes:
            wireup.injectable(cls)

        container = wireup.create_sync_container(injectables=classes)
        return [container.get(cls) for cls in classes]

    return build


def with_injector() -> Builder:
    from dependency_injector import containers, providers

    def build(classes: list[type]) -> list[object]:
        container = containers.DynamicContainer()
        made: dict[type, providers.Singleton[object]] = {}
        for cls in classes:
            parameters = list(inspect.signature(cls).parameters.values())
            made[cls] = providers.Singleton(cls, *(made[it.annotation] for it in parameters))
            setattr(container, cls.__name__, made[cls])

        return [made[cls]() for cls in classes]

    return build


def by_hand() -> Builder:
    def build(classes: list[type]) -> list[object]:
        made: dict[type, object] = {}
        for cls in classes:
            parameters = list(inspect.signature(cls).parameters.values())
            made[cls] = cls(*(made[it.annotation] for it in parameters))

        return list(made.values())

    return build


CONTENDERS: dict[str, Callable[[], Builder]] = {
    "pyfly ApplicationContext": with_context,
    "pyfly container alone": with_container,
    "dishka": with_dishka,
    "wireup": with_wireup,
    "dependency-injector": with_injector,
    "inspect.signature and a call": by_hand,
}


def main() -> None:
    build = CONTENDERS[sys.argv[1]]()
    build(generate_classes()[:3])
    classes = generate_classes()
    started = perf_counter_ns()
    instances = build(classes)
    taken = perf_counter_ns() - started
    check_instances(classes, instances)
    print(taken)


if __name__ == "__main__":
    main()

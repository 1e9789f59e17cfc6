# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable
from typing import Any

import pytest

from pyfly.container import Container, service
from pyfly.context import ApplicationContext

BEANS = 500
DEPENDENCIES = 1000


def a_class(index: int, needed: list[type]) -> type:
    names = {f"bean_{place}": cls for place, cls in enumerate(needed)}
    namespace: dict[str, Any] = {}
    body = "".join(f"self.{name} = {name}; " for name in names) or "return"
    exec(f"def __init__(self, {', '.join(names)}): {body}", namespace)
    namespace["__init__"].__annotations__ = names
    return service(type(f"Bean{index}", (), {"__init__": namespace["__init__"]}))


@pytest.fixture
def beans() -> list[type]:
    """Each class takes the one before it and the one half-way; the way to the last one has 500 steps."""
    made: list[type] = []
    for index in range(BEANS):
        needed = dict.fromkeys([made[index - 1], made[index // 2]] if index else [])
        last_ones = dict.fromkeys(made[10:14] if index == BEANS - 1 else [])
        made.append(a_class(index, [*needed, *last_ones]))

    return made


def needs_of(cls: type) -> dict[str, type]:
    needs: dict[str, type] = cls.__init__.__annotations__  # type: ignore[misc]
    return needs


def assert_wired(beans: list[type], get: Callable[[type], Any]) -> None:
    for cls in beans:
        made = get(cls)
        assert type(made) is cls
        for name, needed in needs_of(cls).items():
            assert getattr(made, name) is get(needed)


def test_the_graph_has_the_size_that_its_name_says(beans: list[type]) -> None:
    assert len(beans) == BEANS
    assert sum(len(needs_of(cls)) for cls in beans) == DEPENDENCIES


@pytest.mark.parametrize("backwards", [False, True], ids=["needed-first", "needed-last"])
async def test_context_starts_with_every_bean_wired(
    make_context: Callable[..., ApplicationContext], beans: list[type], backwards: bool
) -> None:
    context = make_context(*(reversed(beans) if backwards else beans))

    await context.start()

    assert_wired(beans, context.get_bean)
    await context.stop()


def test_container_makes_the_last_bean_with_all_that_it_needs(beans: list[type]) -> None:
    container = Container()
    for cls in beans:
        container.register(cls)

    container.resolve(beans[-1])

    assert_wired(beans, container.resolve)

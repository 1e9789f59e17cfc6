# SPDX-License-Identifier: Apache-2.0
"""A large graph of generated classes."""

import random

BEANS = 500
DEPENDENCIES = 1000


def generate_classes(*, seed: int = 1) -> list[type]:
    """Make classes whose constructors need classes before them; some of those that need two need three."""
    order = random.Random(seed)
    wanted = [min(index, 2) for index in range(BEANS)]
    for index in order.sample(range(3, BEANS), DEPENDENCIES - sum(wanted)):
        wanted[index] += 1

    namespace: dict[str, type] = {}
    for index, count in enumerate(wanted):
        needed = [f"Bean{other}" for other in sorted(order.sample(range(index), count))]
        exec(_source(f"Bean{index}", needed), namespace)

    classes = [namespace[f"Bean{index}"] for index in range(BEANS)]
    for cls in classes:
        cls.__module__ = __name__

    return classes


def check_instances(classes: list[type], instances: list[object]) -> None:
    """Look whether there is one object of each class, held by all that need it.

    Raises:
        AssertionError: There is not.
    """
    by_class = {type(instance): instance for instance in instances}
    if list(by_class) != classes:
        raise AssertionError("a class has no object, or another place")

    held = [part for instance in instances for part in vars(instance).values()]
    if len(held) != DEPENDENCIES or any(by_class[type(part)] is not part for part in held):
        raise AssertionError("a bean holds the wrong objects")


def _source(name: str, needed: list[str]) -> str:
    parameters = "".join(f", {cls.lower()}: {cls}" for cls in needed)
    body = "".join(f"        self.{cls.lower()} = {cls.lower()}\n" for cls in needed) or "        pass\n"
    return f"class {name}:\n    def __init__(self{parameters}) -> None:\n{body}"

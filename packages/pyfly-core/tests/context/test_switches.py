# SPDX-License-Identifier: Apache-2.0
import pytest

from pyfly.container import BeanCreationException
from pyfly.context import ApplicationContext
from pyfly.core import Config


class Counter:
    made = 0

    def __init__(self) -> None:
        type(self).made += 1


@pytest.mark.parametrize(("written", "made"), [("yes", 0), ("ON", 0), (True, 0), ("off", 1), (0, 1)])
async def test_any_spelling_of_a_boolean_switches_lazy_initialisation(written: object, made: int) -> None:
    Counter.made = 0
    context = ApplicationContext(Config({"pyfly": {"context": {"lazy-initialization": written}}}))
    context.register_bean(Counter)

    await context.start()

    assert Counter.made == made
    await context.stop()


async def test_a_switch_that_is_no_boolean_stops_the_start() -> None:
    context = ApplicationContext(Config({"pyfly": {"context": {"lazy-initialization": "perhaps"}}}))

    with pytest.raises(BeanCreationException, match=r"pyfly\.context\.lazy-initialization") as caught:
        await context.start()

    assert caught.value.action == "Set pyfly.context.lazy-initialization to true or false."

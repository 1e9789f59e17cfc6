# SPDX-License-Identifier: Apache-2.0
"""Decorators give back what they get, for type checkers too."""

from collections.abc import Callable, Coroutine
from typing import Any, assert_type

from pyfly.context.conditions import auto_configuration, conditional_on_property
from pyfly.context.events import ApplicationReadyEvent, app_event_listener
from pyfly.context.lifecycle import post_construct, pre_destroy


@auto_configuration(after=["x"])
class Called: ...


@auto_configuration
@conditional_on_property("a.b")
class Bare:
    @post_construct
    def open(self) -> int:
        return 1

    @pre_destroy
    async def close(self) -> str:
        return "closed"

    @app_event_listener(order=1)
    @conditional_on_property("a.b")
    def on_ready(self, event: ApplicationReadyEvent) -> bool:
        return True


def test_classes_and_methods_keep_their_types() -> None:
    assert_type(Called(), Called)
    assert_type(Bare(), Bare)
    opened: Callable[[], int] = Bare().open
    closed: Callable[[], Coroutine[Any, Any, str]] = Bare().close
    assert_type(Bare().on_ready(ApplicationReadyEvent()), bool)

    assert opened() == 1
    assert closed.__name__ == "close"

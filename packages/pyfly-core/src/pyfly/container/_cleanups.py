# SPDX-License-Identifier: Apache-2.0
"""Generator factories: the part after their ``yield``."""

import logging
from collections.abc import AsyncGenerator, Awaitable, Generator
from typing import Any, TypeAlias

from pyfly.container.exceptions import BeanCreationException
from pyfly.container.registry import Registration

Producer: TypeAlias = Generator[Any, None, None] | AsyncGenerator[Any, None]

_log = logging.getLogger("pyfly.container")


class Cleanups:
    """Generators that have yielded a bean and wait to clean up after it."""

    def __init__(self) -> None:
        self._waiting: dict[int, tuple[Registration, Any, Producer]] = {}

    def add(self, definition: Registration, bean: Any, producer: Producer) -> None:
        """Remember the generator that made a bean."""
        self._waiting[id(bean)] = (definition, bean, producer)

    def release(self, bean: Any) -> Awaitable[None] | None:
        """Run the clean-up of one bean; the result has to be awaited if there is one."""
        entry = self._waiting.pop(id(bean), None)
        if entry is None:
            return None

        definition, _, producer = entry
        if isinstance(producer, AsyncGenerator):
            return _finish_async(definition, producer)

        _finish(definition, producer)
        return None

    def after(self, ending: Awaitable[None] | None, bean: Any) -> Awaitable[None] | None:
        """Run the clean-up of one bean after its ending."""
        if ending is None:
            return self.release(bean)

        return self._after(ending, bean)

    async def _after(self, ending: Awaitable[None], bean: Any) -> None:
        await ending
        outcome = self.release(bean)
        if outcome is not None:
            await outcome

    async def release_all(self) -> None:
        """Run every clean-up, the last bean first; failures are logged and stop nothing."""
        for _, bean, _ in reversed(list(self._waiting.values())):
            try:
                outcome = self.release(bean)
                if outcome is not None:
                    await outcome
            except Exception:
                _log.exception("bean_cleanup_failed", extra={"bean": type(bean).__name__})

    async def abandon(self, producer: Producer, *, may_await: bool) -> None:
        """Close a generator whose bean never came to be."""
        if not isinstance(producer, AsyncGenerator):
            producer.close()
        elif may_await:
            await producer.aclose()


def _finish(definition: Registration, producer: Generator[Any, None, None]) -> None:
    try:
        next(producer)
    except StopIteration:
        return

    producer.close()
    raise _yielded_twice(definition)


async def _finish_async(definition: Registration, producer: AsyncGenerator[Any, None]) -> None:
    try:
        await anext(producer)
    except StopAsyncIteration:
        return

    await producer.aclose()
    raise _yielded_twice(definition)


def _yielded_twice(definition: Registration) -> BeanCreationException:
    return BeanCreationException(
        "resolution", definition.label, "its generator yields more than once; it must yield exactly one bean"
    )

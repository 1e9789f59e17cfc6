# SPDX-License-Identifier: Apache-2.0
"""Generator factories: the part after their ``yield``."""

import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from functools import partial
from typing import Any, TypeAlias

from pyfly.container.exceptions import BeanCreationException
from pyfly.container.registry import Registration

Producer: TypeAlias = Generator[Any, None, None] | AsyncGenerator[Any, None]

_log = logging.getLogger("pyfly.container")


class Cleanups:
    """Generators that have yielded a bean and wait to clean up after it."""

    def __init__(self) -> None:
        self._waiting: dict[int, list[tuple[Registration, Any, Producer]]] = {}

    def add(self, definition: Registration, bean: Any, producer: Producer) -> None:
        """Remember the generator that made a bean."""
        self._waiting.setdefault(id(bean), []).append((definition, bean, producer))

    def release(self, bean: Any) -> Awaitable[None] | None:
        """Run the clean-up of one bean; the result has to be awaited if there is one."""
        entries = self._waiting.get(id(bean))
        if not entries:
            return None

        definition, _, producer = entries.pop()
        if not entries:
            del self._waiting[id(bean)]

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
        for label, release in self.steps():
            try:
                outcome = release()
                if outcome is not None:
                    await outcome
            except Exception:
                _log.exception("bean_cleanup_failed", extra={"bean": label})

    def steps(self) -> list[tuple[str, Callable[[], Awaitable[None] | None]]]:
        """Return every clean-up with its bean's label, the last bean first."""
        waiting = [entry for entries in self._waiting.values() for entry in entries]
        return [(definition.label, partial(self.release, bean)) for definition, bean, _ in reversed(waiting)]

    async def abandon(self, definition: Registration, producer: Producer) -> None:
        """Run the clean-up after a bean that was yielded and could not be completed."""
        try:
            if isinstance(producer, AsyncGenerator):
                await _finish_async(definition, producer)
            else:
                _finish(definition, producer)
        except Exception:
            _log.exception("bean_cleanup_failed", extra={"bean": definition.label})


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

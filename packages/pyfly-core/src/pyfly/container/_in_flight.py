# SPDX-License-Identifier: Apache-2.0
"""Creations that take their time: one task makes a bean, the others wait for it."""

import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Event, get_ident
from typing import Any, Final, Protocol, TypeVar

from pyfly.container._making import being_made, circle
from pyfly.container.exceptions import BeanCreationException, BeanCurrentlyInCreationError
from pyfly.container.registry import Registration

LOCK_SECONDS: Final = 60.0
"""How long somebody waits for a thread that creates the bean."""

_POLL_SECONDS: Final = 0.002
_R_contra = TypeVar("_R_contra", contravariant=True)


class Future(Protocol[_R_contra]):
    """The part of a loop's future that marks a creation in flight."""

    def set_result(self, result: _R_contra, /) -> None: ...


@dataclass(slots=True, eq=False)
class CreationInFlight:
    """A creation that others wait for.

    Attributes:
        definition: What is created.
        done: Set at its end, however it ends.
        thread: Whose loop it is in.
        over: The same as ``done``, for other threads.
        waits_for: The creation that it waits for itself, made by another task.
    """

    definition: Registration
    done: Future[None]
    thread: int = field(default_factory=get_ident)
    over: Event = field(default_factory=Event)
    waits_for: "CreationInFlight | None" = None

    @contextmanager
    def awaited_by(self, held: "tuple[CreationInFlight, ...]") -> Iterator[None]:
        """Let the creations of one task wait for this one, unless this one waits for them in turn."""
        chain = [self]
        while chain[-1] not in held and chain[-1].waits_for is not None:
            chain.append(chain[-1].waits_for)

        if chain[-1] in held:
            circle = [*held[held.index(chain[-1]) :], *chain[:-1]]
            raise BeanCurrentlyInCreationError(
                chain=[it.definition.impl_type for it in circle], current=circle[0].definition.impl_type
            )

        for mine in held:
            mine.waits_for = self

        try:
            yield
        finally:
            for mine in held:
                mine.waits_for = None


_held: ContextVar[tuple[CreationInFlight, ...]] = ContextVar("pyfly_bean_creations_in_flight", default=())


class CreationsInFlight:
    """Every creation that a task has begun and not ended."""

    def __init__(self) -> None:
        self._creations: dict[tuple[Registration, int], CreationInFlight] = {}

    def settle(self, definition: Registration, place: int) -> None:
        """Wait in a thread until no task of another thread is making a bean.

        Raises:
            BeanCreationException: A task of this very thread is making it, or the other one takes too long.
        """
        patience = time.monotonic() + LOCK_SECONDS
        while definition not in being_made():
            other = self._creations.get((definition, place))
            if other is None:
                return

            if other.thread == get_ident():
                raise BeanCreationException(
                    "resolution",
                    definition.label,
                    "it is being created asynchronously",
                    action="Take it with `await container.aresolve(...)` or `await context.aget_bean(...)`.",
                )

            if not other.over.wait(max(0.0, patience - time.monotonic())):
                raise kept_waiting(definition)

    async def once(
        self,
        definition: Registration,
        place: int,
        exists: Callable[[], bool],
        create: Callable[[], Awaitable[None]],
        lock: Any = None,
    ) -> None:
        """Create a bean unless it exists, or wait for the task that is creating it.

        Args:
            definition: What to create.
            place: What tells the bean's scope from others of its kind.
            exists: Tells whether there is a bean by now.
            create: Makes and keeps it.
            lock: What threads hold while they create it.
        """
        # Importing the core must stay cheap, and only asynchronous creations need the event loop's machinery.
        import asyncio

        held = _held.get()
        patience = time.monotonic() + LOCK_SECONDS
        while not exists():
            other = self._creations.get((definition, place))
            if other is not None:
                if definition in being_made():
                    raise circle(definition)

                # The one who creates it may fail or be cancelled; then the next in line tries.
                with other.awaited_by(held):
                    if other.thread == get_ident():
                        # mypy sees the loop's future through a protocol.
                        await asyncio.wait([other.done])  # type: ignore[type-var]
                    elif time.monotonic() > patience:
                        raise kept_waiting(definition)
                    else:
                        # A future of another loop cannot be awaited here.
                        await asyncio.sleep(_POLL_SECONDS)
            elif lock is None or lock.acquire(blocking=False):
                break
            elif time.monotonic() > patience:
                raise kept_waiting(definition)
            else:
                # A thread is creating it; the loop has other things to do meanwhile.
                await asyncio.sleep(_POLL_SECONDS)
        else:
            return

        mine = CreationInFlight(definition, asyncio.get_running_loop().create_future())
        try:
            late = exists()
            if not late:
                self._creations[definition, place] = mine
        finally:
            if lock is not None:
                lock.release()

        if late:
            return

        token = _held.set((*held, mine))
        try:
            await create()
        finally:
            _held.reset(token)
            del self._creations[definition, place]
            mine.done.set_result(None)
            mine.over.set()


def kept_waiting(definition: Registration) -> BeanCreationException:
    """Describe a wait for another thread that took too long."""
    return BeanCreationException(
        "resolution", definition.label, f"another thread has been creating it for {LOCK_SECONDS:g} seconds"
    )

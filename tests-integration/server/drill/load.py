# SPDX-License-Identifier: Apache-2.0
"""The load: a balancer with many connections, which sends nothing twice."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Protocol

from drill.connection import Connection, LostAnswerError
from drill.exchanges import WORKER_HEADER, Exchange, exchanges
from drill.losses import Loss, Sightings

RETRANSMISSION_SECONDS = 0.9
"""A connection that takes as long has lost its first packet; the system sends it again after a second."""
PATIENCE_SECONDS = 0.1
"""After this an impatient client gives a connection up that is not made yet, and turns elsewhere."""
AVOIDING_SECONDS = 0.2
"""How long it stays away then."""


class Target(Protocol):
    """A service that may be asked."""

    @property
    def name(self) -> str: ...

    @property
    def port(self) -> int: ...

    def phase(self) -> str:
        """Tell what goes on there, and since when."""
        ...


@dataclass(slots=True)
class _Lane:
    """What one client of the balancer holds: a connection to each target."""

    pauses: Iterator[float]
    exchanges: Iterator[Exchange]
    patient: bool
    connections: dict[str, Connection] = field(default_factory=dict)
    avoided_until: dict[str, float] = field(default_factory=dict)


class Load:
    """Asks targets in turn, over a number of connections to each.

    A request goes to the next target if the connection to this one is refused. Everything else that keeps it
    from its answer is a loss; so is to be refused by all. Half of the clients wait as long as the system does
    for a connection that nobody answers; the others turn elsewhere, and send nothing to the one they left.

    Args:
        targets: The targets.
        connections: How many requests are on their way at a time, each over a connection of its own.
        thoughtful: The share of the clients that think between requests, for 1 to 50 milliseconds.
        mix: Gives what a client asks for, by its number.
    """

    def __init__(
        self,
        targets: Sequence[Target],
        *,
        connections: int,
        thoughtful: float = 0.25,
        mix: Callable[[int], Iterator[Exchange]] = exchanges,
    ) -> None:
        self.sightings = Sightings()
        self._targets = targets
        self._stopping = False
        self._lanes = [
            _Lane(_pauses(number, number < connections * thoughtful), mix(number), number % 2 == 0)
            for number in range(connections)
        ]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Sightings]:
        """Ask inside the block; at its end, all that were asked have answered."""
        self._stopping = False
        async with asyncio.TaskGroup() as clients:
            for number, lane in enumerate(self._lanes):
                clients.create_task(self._keep_asking(lane, number))

            try:
                yield self.sightings
            finally:
                self._stopping = True

    async def _keep_asking(self, lane: _Lane, turn: int) -> None:
        try:
            while not self._stopping:
                await self._ask(lane, next(lane.exchanges), turn)
                turn += 1
                if pause := next(lane.pauses):
                    await asyncio.sleep(pause)
        finally:
            for connection in lane.connections.values():
                connection.close()

    async def _ask(self, lane: _Lane, exchange: Exchange, turn: int) -> None:
        targets = self._in_turn(lane, turn)
        attempts = [(target, None if lane.patient else PATIENCE_SECONDS) for target in targets]
        # Those that were given up are not refused: in the end they are waited for.
        for target, patience in [*attempts, *((target, None) for target in targets if not lane.patient)]:
            try:
                connection = await self._connection(lane, target, exchange, patience)
            except OSError as error:
                self._lose(exchange, target, f"no connection: {error!r}")
                return

            if connection is not None:
                await self._ask_over(connection, lane, target, exchange)
                return

        self._lose(exchange, targets[0], "refused everywhere")

    def _in_turn(self, lane: _Lane, turn: int) -> list[Target]:
        first = turn % len(self._targets)
        targets = [*self._targets[first:], *self._targets[:first]]
        if lane.avoided_until:
            now = monotonic()
            targets.sort(key=lambda target: lane.avoided_until.get(target.name, 0) > now)

        return targets

    async def _connection(
        self, lane: _Lane, target: Target, exchange: Exchange, patience: float | None
    ) -> Connection | None:
        kept = lane.connections.pop(target.name, None)
        if kept is not None:
            if await kept.is_usable():
                return kept

            if kept.fault:
                self._lose(exchange, target, kept.fault, turn=kept.asked + 1)
            else:
                self.sightings.idle += 1

        started = monotonic()
        try:
            async with asyncio.timeout(patience):
                made = await Connection.connect(target.port)
        except ConnectionRefusedError:
            self.sightings.refused[target.name] += 1
            return None
        except TimeoutError:
            if patience is None:
                raise

            self.sightings.given_up += 1
            lane.avoided_until[target.name] = monotonic() + AVOIDING_SECONDS
            return None
        finally:
            self.sightings.waited += monotonic() - started > RETRANSMISSION_SECONDS

        self.sightings.connected += 1
        return made

    async def _ask_over(
        self, connection: Connection, lane: _Lane, target: Target, exchange: Exchange
    ) -> None:
        started = monotonic()
        try:
            answer = await connection.ask(exchange)
        except LostAnswerError as error:
            connection.close()
            idle = started - connection.answered_at if connection.asked > 1 else 0
            self._lose(
                exchange, target, error.kind, turn=connection.asked, received=error.received,
                waited=monotonic() - started, idle=idle,
            )  # fmt: skip
            return

        self.sightings.answers[target.name] += 1
        self.sightings.workers[int(answer.headers[WORKER_HEADER])] += 1
        if answer.closes:
            self.sightings.announced += 1
        else:
            lane.connections[target.name] = connection

    def _lose(
        self,
        exchange: Exchange,
        target: Target,
        kind: str,
        *,
        turn: int = 1,
        received: int = 0,
        waited: float = 0,
        idle: float = 0,
    ) -> None:
        self.sightings.losses.append(
            Loss(kind, exchange.kind, target.name, target.phase(), turn, received, waited, idle)
        )


def _pauses(seed: int, thoughtful: bool) -> Iterator[float]:
    choice = random.Random(seed)
    while True:
        yield choice.uniform(0.001, 0.05) if thoughtful else 0.0

# SPDX-License-Identifier: Apache-2.0
"""What was lost, and what else the client saw."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

_MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Loss:
    """One request without its right answer.

    Args:
        kind: What went wrong.
        asked: The kind of the request.
        instance: Where it was sent.
        phase: What went on there, and since when.
        turn: Which request of its connection it was; 1 on a fresh one.
        received: Bytes of the answer that came.
        waited: Seconds from the request to the loss.
        idle: Seconds that the connection had been idle before; 0 for a fresh one.
    """

    kind: str
    asked: str
    instance: str
    phase: str
    turn: int
    received: int
    waited: float
    idle: float

    def __str__(self) -> str:
        connection = "a fresh connection" if self.turn == 1 else f"request {self.turn} of its connection"
        return (
            f"{self.kind}: {self.asked} to {self.instance}, {connection}, idle {self.idle * 1000:.1f} ms; "
            f"{self.received} bytes came, lost after {self.waited * 1000:.1f} ms; {self.phase}"
        )


@dataclass(slots=True)
class Sightings:
    """What one client saw.

    Attributes:
        answers: Right answers, by instance.
        workers: Right answers, by the process that gave them.
        refused: Refused connections, by instance.
        connected: Connections that were made.
        waited: Connections that took the retransmission of their first packet, or longer.
        given_up: Connections that a client gave up before they were made.
        announced: Connections whose last answer told that it is the last.
        idle: Connections that the server closed while nothing was asked.
        losses: Requests without a right answer.
    """

    answers: Counter[str] = field(default_factory=Counter)
    workers: Counter[int] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    connected: int = 0
    waited: int = 0
    given_up: int = 0
    announced: int = 0
    idle: int = 0
    losses: list[Loss] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.answers.total()} answers over {self.connected} connections, of which {self.announced} "
            f"ended as announced and {self.idle} while idle; {self.refused.total()} refused, "
            f"{self.waited} waited for, {self.given_up} given up"
        )

    def lines_of_losses(self) -> Iterator[str]:
        """Tell the losses, by their kinds first."""
        if self.losses:
            kinds = Counter(loss.kind for loss in self.losses)
            yield f"{len(self.losses)} losses: " + ", ".join(
                f"{n} x {kind}" for kind, n in kinds.most_common()
            )
            yield from map(str, self.losses[:_MOST_SHOWN])

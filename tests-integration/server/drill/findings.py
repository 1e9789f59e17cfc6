# SPDX-License-Identifier: Apache-2.0
"""What a drill found, and what of it should not be."""

from dataclasses import dataclass, field

from drill.instance import Stop
from drill.losses import Sightings


@dataclass(slots=True)
class Findings:
    """What a drill found.

    Args:
        title: What was drilled.
        sightings: What the clients saw.
        allowed_seconds: How long a stop may take.
        stops: Each stop.
        reloads: How often workers were replaced.
        faults: What kept the drill from going on.
        outputs: The end of what the instances wrote, by name.
        seconds: How long the load lasted.
    """

    title: str
    sightings: Sightings
    allowed_seconds: float
    stops: list[Stop] = field(default_factory=list)
    reloads: int = 0
    faults: list[str] = field(default_factory=list)
    outputs: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0

    def problems(self) -> list[str]:
        """Tell what should not have happened, one thing a line; empty after a perfect drill."""
        problems = [*self.faults, *self.sightings.lines_of_losses()]
        for number, stop in enumerate(self.stops, start=1):
            if stop.exit_code is None:
                problems.append(
                    f"stop {number}: {stop.instance} did not exit within {self.allowed_seconds:g} s"
                )
            elif stop.exit_code != 0:
                problems.append(f"stop {number}: {stop.instance} exited with {stop.exit_code}")

        return problems

    def report(self) -> str:
        """Tell all of it in lines; after problems, with what the instances wrote."""
        slowest = max((stop.seconds for stop in self.stops), default=0.0)
        done = f"{len(self.stops)} stops, the slowest in {slowest:.2f} s; {self.reloads} reloads"
        lines = [f"{self.title}: {done}; {self.sightings}; {self.seconds:.0f} s of load"]
        if problems := self.problems():
            lines += problems
            lines += [f"--- the end of what {name} wrote:\n{text}" for name, text in self.outputs.items()]

        return "\n  ".join(lines)

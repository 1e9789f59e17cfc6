# SPDX-License-Identifier: Apache-2.0
"""What an import costs, each in a process of its own."""

import json
import subprocess
import sys
from dataclasses import dataclass, field

from benchmarks.machine import plain_environment

# The peak is read from the process itself: what `resource` reports includes the parent's before the exec.
_PROBE = """\
import sys, time
started = time.perf_counter_ns()
{statement}
taken = time.perf_counter_ns() - started
modules = len(sys.modules)
try:
    with open("/proc/self/status") as status:
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
except OSError:
    import resource
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
print('{{"taken": %d, "modules": %d, "peak": %d}}' % (taken, modules, peak))
"""


@dataclass(slots=True)
class ImportProbe:
    """Measures one import statement again and again.

    Attributes:
        statement: What is timed.
        modules: How many modules the process had after it, by repeat.
        peaks: Its peak memory in KiB, by repeat.
    """

    statement: str
    modules: list[int] = field(default_factory=list)
    peaks: list[int] = field(default_factory=list)

    def __call__(self) -> float:
        """Run a process, and return how long the statement took in it, in nanoseconds."""
        command = [sys.executable, "-c", _PROBE.format(statement=self.statement)]
        told = subprocess.run(
            command, check=True, stdout=subprocess.PIPE, timeout=60, env=plain_environment()
        ).stdout
        answer = json.loads(told)
        self.modules.append(answer["modules"])
        self.peaks.append(answer["peak"])
        return float(answer["taken"])

    def forget(self) -> None:
        """Drop what was noted so far."""
        self.modules.clear()
        self.peaks.clear()

# SPDX-License-Identifier: Apache-2.0
"""How many CPUs this process may use."""

import os
from pathlib import Path

_CGROUP_LIMIT = Path("/sys/fs/cgroup/cpu.max")


def usable_cpus(limit_file: Path = _CGROUP_LIMIT) -> int:
    """Return the number of CPUs that affinity and the control group leave to this process, at least 1.

    Args:
        limit_file: ``cpu.max`` of the control group (version 2): quota and period in microseconds.
    """
    cpus = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

    try:
        quota, period = limit_file.read_text().split()
    except OSError:
        return cpus

    return cpus if quota == "max" else max(1, min(cpus, int(quota) // int(period)))

# SPDX-License-Identifier: Apache-2.0
"""Build all wheels and check them, one by one and as a set."""

import shutil
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from house.wheel_install import UV, StepError, install_failures, run_step
from house.wheel_rules import Wheel, closed_namespaces, collisions, missing_papers, untyped_packages
from house.workspace import Distribution, Workspace

UMBRELLA = "pyfly"
_AT_A_TIME = 4


def build_wheels(distributions: Sequence[Distribution], folder: Path) -> list[Wheel]:
    """Build each distribution: a source archive, and from that archive the wheel.

    Raises:
        StepError: A build failed.
    """
    shutil.rmtree(folder, ignore_errors=True)
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        commands = [
            [*UV, "build", "--quiet", "--out-dir", str(folder), str(one.root)] for one in distributions
        ]
        list(pool.map(run_step, commands))

    return [Wheel(path) for path in sorted(folder.glob("*.whl"))]


def wheel_failures(wheels: Sequence[Wheel], licence: bytes) -> Iterator[str]:
    """Everything that is wrong with a set of wheels."""
    for rule in (collisions, closed_namespaces, untyped_packages):
        yield from rule(wheels)

    yield from missing_papers(wheels, licence)

    names = [wheel.name for wheel in wheels]
    trials = [(name, [name]) for name in names]
    if UMBRELLA in names:
        trials.append((f"{UMBRELLA}[all]", names))

    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        for found in pool.map(lambda trial: list(install_failures(trial[0], trial[1], wheels)), trials):
            yield from found


def check_wheels(workspace: Workspace) -> int:
    """Build every distribution into `dist/` and check the wheels.

    Returns:
        0 when all is well, else 1, with each failure on the error stream.
    """
    licence = (workspace.root / "LICENSE").read_bytes()
    try:
        wheels = build_wheels(workspace.distributions, workspace.root / "dist")
    except StepError as error:
        print(error, file=sys.stderr)
        return 1

    failures = list(wheel_failures(wheels, licence))
    for failure in failures:
        print(failure, file=sys.stderr)

    print(f"{len(wheels)} wheels checked, {len(failures)} failures")
    return 1 if failures else 0

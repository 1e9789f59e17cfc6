# SPDX-License-Identifier: Apache-2.0
"""Strict type check of everything that ships, and of the examples."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from house.workspace import Workspace


def check_types(workspace: Workspace) -> int:
    """Run mypy over all source roots at once, the house included, then mypy and pyright over the examples.

    Returns:
        The exit status of the first run that failed, else 0.
    """
    shared = [*workspace.source_roots, workspace.root / "house" / "src"]
    examples = sorted((workspace.root / "examples").glob("*/src"))
    runs = [_mypy(workspace, shared, shared)]
    for example in examples:
        runs.append(_mypy(workspace, [*shared, example], [example]))
        runs.append(_Run(workspace, [sys.executable, "-m", "basedpyright", str(example)], {}))

    return next(filter(None, (run.status() for run in runs)), 0)


def _mypy(workspace: Workspace, roots: Sequence[Path], targets: Sequence[Path]) -> "_Run":
    command = [sys.executable, "-m", "mypy", *map(str, targets)]
    return _Run(workspace, command, {"MYPYPATH": os.pathsep.join(map(str, roots))})


@dataclass(frozen=True)
class _Run:
    workspace: Workspace
    command: Sequence[str]
    environment: Mapping[str, str]

    def status(self) -> int:
        environment = {**os.environ, **self.environment}
        return subprocess.run(self.command, cwd=self.workspace.root, env=environment).returncode

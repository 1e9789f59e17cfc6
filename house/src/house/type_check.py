# SPDX-License-Identifier: Apache-2.0
"""Strict type check of everything that ships, and of the examples."""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from house.workspace import Workspace


def check_types(workspace: Workspace) -> int:
    """Run mypy over all source roots at once, the house included, then mypy and pyright over the examples.

    Returns:
        1 when one of the runs found a fault, else 0.
    """
    shared = [*workspace.source_roots, workspace.root / "house" / "src"]
    statuses = [_mypy(workspace, shared, shared)]
    for example in sorted((workspace.root / "examples").glob("*/src")):
        statuses.append(_mypy(workspace, [*shared, example], [example]))
        statuses.append(_run(workspace, ["basedpyright", "--pythonpath", sys.executable, str(example)]))

    return int(any(statuses))


def _mypy(workspace: Workspace, roots: Sequence[Path], targets: Sequence[Path]) -> int:
    return _run(workspace, ["mypy", *map(str, targets)], MYPYPATH=os.pathsep.join(map(str, roots)))


def _run(workspace: Workspace, module: Sequence[str], **environment: str) -> int:
    command = [sys.executable, "-m", *module]
    return subprocess.run(command, cwd=workspace.root, env={**os.environ, **environment}).returncode

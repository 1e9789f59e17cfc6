# SPDX-License-Identifier: Apache-2.0
"""Strict type check of everything that ships, and of the examples."""

import os
import subprocess
import sys

from house.workspace import Workspace


def check_types(workspace: Workspace) -> int:
    """Run mypy over all source roots at once, the house included, then over each example by itself.

    Returns:
        The exit status of the first run that failed, else 0.
    """
    shared = [*workspace.source_roots, workspace.root / "house" / "src"]
    examples = sorted((workspace.root / "examples").glob("*/src"))
    runs = [(shared, shared), *(([*shared, example], [example]) for example in examples)]

    for roots, targets in runs:
        environment = {**os.environ, "MYPYPATH": os.pathsep.join(map(str, roots))}
        command = [sys.executable, "-m", "mypy", *map(str, targets)]
        status = subprocess.run(command, cwd=workspace.root, env=environment).returncode
        if status:
            return status

    return 0

# SPDX-License-Identifier: Apache-2.0
"""Strict type check of everything that ships, and of the examples."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from house.workspace import Workspace

PYRIGHT_SETTINGS = {"typeCheckingMode": "standard", "pythonVersion": "3.11"}


def check_types(workspace: Workspace) -> int:
    """Run mypy over all source roots at once, the house included, then over what users write.

    That is ``packages/*/tests/typing``, and the examples, which pyright checks too.

    Returns:
        1 when one of the runs found a fault, else 0.
    """
    shared = [*workspace.source_roots, workspace.root / "house" / "src"]
    statuses = [_mypy(workspace, shared, shared)]
    for samples in sorted((workspace.root / "packages").glob("*/tests/typing")):
        statuses.append(_mypy(workspace, shared, [samples]))

    for example in sorted((workspace.root / "examples").glob("*/src")):
        statuses.append(_mypy(workspace, [*shared, example], [example]))
        statuses.append(_pyright(workspace, example))

    return int(any(statuses))


def _mypy(workspace: Workspace, roots: Sequence[Path], targets: Sequence[Path]) -> int:
    return _run(workspace, ["mypy", *map(str, targets)], MYPYPATH=os.pathsep.join(map(str, roots)))


def _pyright(workspace: Workspace, example: Path) -> int:
    """Check an example beside one folder with all sources, which is what the wheels install.

    pyright finds a package in one place only, so it cannot see the adapters of editable installs.
    """
    with tempfile.TemporaryDirectory(prefix="pyright-") as folder:
        installed = Path(folder, "installed")
        for root in workspace.source_roots:
            shutil.copytree(root, installed, dirs_exist_ok=True)

        paths = [str(example), str(installed)]
        settings = {"include": [str(example)], "extraPaths": paths, **PYRIGHT_SETTINGS}
        Path(folder, "pyrightconfig.json").write_text(json.dumps(settings), "utf-8")
        return _run(workspace, ["basedpyright", "--pythonpath", sys.executable, "--project", folder])


def _run(workspace: Workspace, module: Sequence[str], **environment: str) -> int:
    command = [sys.executable, "-m", *module]
    return subprocess.run(command, cwd=workspace.root, env={**os.environ, **environment}).returncode

# SPDX-License-Identifier: Apache-2.0
"""Import contracts of the namespace, checked by import-linter."""

import os
import subprocess
import sys

from house.workspace import Workspace


def check_imports(workspace: Workspace) -> int:
    """Check the contracts of the root pyproject file over all source roots.

    import-linter finds the portions of a namespace on the import path, and only reads the files. So the
    distributions need not be installed, and a copy of the tree can be checked as well as the tree.

    Returns:
        The exit status of import-linter: 0 when each contract is kept.
    """
    path = os.pathsep.join(str(root) for root in workspace.source_roots)
    # -P keeps the current folder off the path: folders of the repository must not pass for packages.
    lint = "from importlinter.cli import lint_imports_command as run; run()"
    command = [sys.executable, "-P", "-c", lint, "--config", "pyproject.toml", "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=workspace.root, env={**os.environ, "PYTHONPATH": path}).returncode

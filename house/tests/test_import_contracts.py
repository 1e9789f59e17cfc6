# SPDX-License-Identifier: Apache-2.0
import shutil
from pathlib import Path

import pytest

from house.import_contracts import check_imports
from house.workspace import Workspace

CORE = "packages/pyfly-core/src/pyfly"


@pytest.fixture
def copy(repository, tmp_path):
    """A copy of the sources and of the contracts, in which a test may plant what it likes."""
    shutil.copy(repository.root / "pyproject.toml", tmp_path)
    for found in repository.distributions:
        target = tmp_path / "packages" / found.root.name
        target.mkdir(parents=True)
        shutil.copy(found.root / "pyproject.toml", target)
        if found.source_root.is_dir():
            shutil.copytree(found.source_root, target / "src", ignore=shutil.ignore_patterns("__pycache__"))

    return Workspace(tmp_path)


def plant(copy: Workspace, file: str, line: str) -> None:
    path = Path(copy.root, file)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text((path.read_text("utf-8") if path.exists() else "") + f"\n{line}\n", "utf-8")


def test_the_tree_keeps_its_contracts(copy, capfd):
    status = check_imports(copy)

    assert status == 0, capfd.readouterr().out


@pytest.mark.parametrize(
    ("file", "line", "named"),
    [
        (f"{CORE}/kernel/planted.py", "import pyfly.container", "pyfly.kernel.planted -> pyfly.container"),
        (f"{CORE}/container/planted.py", "import pyfly.config", "pyfly.container.planted -> pyfly.config"),
        (f"{CORE}/config/planted.py", "import pyfly.context", "pyfly.config.planted -> pyfly.context"),
        (f"{CORE}/core/planted.py", "import pyfly.web", "pyfly.core.planted -> pyfly.web"),
        (
            f"{CORE}/core/planted.py",
            "def late():\n    import pyfly.server.adapters.granian",
            "pyfly.core.planted -> pyfly.server.adapters.granian",
        ),
    ],
)
def test_import_against_the_layers_is_named(copy, capfd, file, line, named):
    plant(copy, file, line)

    status = check_imports(copy)

    shown = capfd.readouterr().out
    assert status == 1
    assert "One direction: kernel, container, context, core, modules, the command BROKEN" in shown
    assert named in shown


def test_module_that_names_its_adapter_is_named(copy, capfd):
    plant(copy, "packages/pyfly-web/src/pyfly/web/planted.py", "import pyfly.web.adapters.starlette")

    status = check_imports(copy)

    shown = capfd.readouterr().out
    assert status == 1
    assert "A module never names its adapters BROKEN" in shown
    assert "pyfly.web.planted -> pyfly.web.adapters.starlette" in shown


def test_cycle_is_named(copy, capfd):
    plant(copy, f"{CORE}/kernel/planted_one.py", "import pyfly.kernel.planted_two")
    plant(copy, f"{CORE}/kernel/planted_two.py", "import pyfly.kernel.planted_one")

    status = check_imports(copy)

    shown = capfd.readouterr().out
    assert status == 1
    assert "No cycles BROKEN" in shown
    assert "planted_one" in shown


def test_module_without_a_layer_is_named(copy, capfd):
    plant(copy, "packages/pyfly-web/src/pyfly/planted/__init__.py", "")

    status = check_imports(copy)

    assert status == 1
    assert "planted" in capfd.readouterr().out

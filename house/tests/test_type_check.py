# SPDX-License-Identifier: Apache-2.0
import os
from pathlib import Path

import pytest

from house.type_check import check_types

CHECKER = """
import json, os, sys
if "--project" in sys.argv:
    with open(os.path.join(sys.argv[-1], "pyrightconfig.json")) as file:
        sys.argv[1:] = json.load(file)["include"]
print(__name__ == "__main__" and os.path.basename(__file__)[:-3], *sys.argv[1:], os.environ.get("MYPYPATH"))
sys.exit(any(word.endswith(os.environ["FAULT_IN"]) for word in sys.argv[1:]))
"""


@pytest.fixture
def workspace(make_repository, monkeypatch, tmp_path):
    """A repository with one distribution and one example, and stand-ins for the type checkers."""
    for name in ("mypy", "basedpyright"):
        Path(tmp_path, f"{name}.py").write_text(CHECKER, "utf-8")

    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("FAULT_IN", "nowhere")
    return make_repository(
        {
            "packages/pyfly-web/pyproject.toml": "[project]\nname = 'pyfly-web'\n",
            "packages/pyfly-web/src/pyfly/web/it.py": "",
            "packages/pyfly-web/tests/typing/what_users_write.py": "",
            "examples/orders/src/orders/main.py": "",
        }
    )


def test_sources_are_checked_together_then_samples_then_each_example_by_two_checkers(workspace, capfd):
    places = (
        "packages/pyfly-web/src",
        "house/src",
        "packages/pyfly-web/tests/typing",
        "examples/orders/src",
    )
    web, house, samples, orders = (str(workspace.root / place) for place in places)

    status = check_types(workspace)

    first, second, third, fourth = capfd.readouterr().out.splitlines()
    assert status == 0
    assert first == f"mypy {web} {house} {web}{os.pathsep}{house}"
    assert second == f"mypy {samples} {web}{os.pathsep}{house}"
    assert third == f"mypy {orders} {web}{os.pathsep}{house}{os.pathsep}{orders}"
    assert fourth == f"basedpyright {orders} None"


@pytest.mark.parametrize("place", ["house/src", "tests/typing", "orders/src"])
def test_fault_in_any_run_fails_the_check_after_all_runs(workspace, capfd, monkeypatch, place):
    monkeypatch.setenv("FAULT_IN", place)

    status = check_types(workspace)

    assert status == 1
    assert len(capfd.readouterr().out.splitlines()) == 4

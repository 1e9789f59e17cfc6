# SPDX-License-Identifier: Apache-2.0
import pytest

from house.workspace import Workspace

PROJECT = """
[project]
name = "pyfly-web"
dependencies = ["pyfly-core>=0.1,<1"]
scripts = {pyfly = "pyfly.cli:main"}
optional-dependencies = {fast = ["uvloop"]}
entry-points."pyfly.auto_configuration" = {web = "pyfly.web.auto:Auto"}
"""


@pytest.fixture
def workspace(make_repository):
    package = "packages/pyfly-web"
    return make_repository(
        {
            f"{package}/pyproject.toml": PROJECT,
            f"{package}/src/pyfly/web/__init__.py": "",
            f"{package}/src/pyfly/web/mappings.py": "",
            "packages/pyfly/pyproject.toml": "[project]\nname = 'pyfly'\n",
        }
    )


def test_workspace_is_found_from_a_folder_inside(workspace, monkeypatch):
    monkeypatch.chdir(workspace.root / "packages" / "pyfly-web" / "src")

    assert Workspace.here() == workspace


def test_folder_outside_is_told(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    with pytest.raises(LookupError, match="is not inside the repository"):
        Workspace.here()


def test_distributions_are_in_order_and_only_code_has_a_source_root(workspace):
    umbrella, web = workspace.distributions

    assert [umbrella.name, web.name] == ["pyfly", "pyfly-web"]
    assert workspace.source_roots == [web.source_root]


def test_requirements_include_those_of_extras(workspace):
    assert workspace.distributions[1].requirements == ["pyfly-core>=0.1,<1", "uvloop"]


def test_entry_points_include_scripts(workspace):
    assert list(workspace.distributions[1].entry_points) == [
        ("console_scripts", "pyfly", "pyfly.cli:main"),
        ("pyfly.auto_configuration", "web", "pyfly.web.auto:Auto"),
    ]


def test_module_names_follow_the_files(workspace):
    web = workspace.distributions[1]

    assert [web.module_name(path) for path in web.sources] == ["pyfly.web", "pyfly.web.mappings"]

# SPDX-License-Identifier: Apache-2.0
import pytest

from house.entry_points import stale_entry_points, unloadable_entry_points

PROJECT = """
[project]
name = "{name}"
entry-points."pyfly.auto_configuration" = {{ it = "{target}" }}
"""


@pytest.fixture
def make_workspace(make_repository):
    """A function that makes a repository of one distribution with one entry point."""

    def make(target: str, name: str = "pyfly-it"):
        return make_repository({"packages/it/pyproject.toml": PROJECT.format(name=name, target=target)})

    return make


def test_entry_point_with_a_target_passes(make_workspace):
    assert list(unloadable_entry_points(make_workspace("pathlib:Path.home"))) == []


@pytest.mark.parametrize(
    ("target", "error"),
    [
        ("pathlib:Road", "module 'pathlib' has no attribute 'Road'"),
        ("pyfly.nowhere:It", "No module named 'pyfly.nowhere'"),
    ],
)
def test_entry_point_without_a_target_is_named(make_workspace, target, error):
    (found,) = unloadable_entry_points(make_workspace(target))

    assert found == f"pyfly-it: it = {target} (pyfly.auto_configuration): {error}"


def test_distribution_that_is_not_installed_is_named(make_workspace):
    assert list(stale_entry_points(make_workspace("pathlib:Path"))) == ["pyfly-it: not installed"]


def test_entry_point_that_the_environment_lacks_is_named(make_workspace):
    (found,) = stale_entry_points(make_workspace("pathlib:Path", name="pyfly-house"))

    assert found == "pyfly-house: it = pathlib:Path (pyfly.auto_configuration) is not in both"

# SPDX-License-Identifier: Apache-2.0
import pytest

from house import source_rules
from house.source_rules import SPDX

PROJECT = '[project]\nname = "{name}"\nversion = "0.1.0"\n'
PAPERS = {"README.md": "# It\n", "CHANGELOG.md": "# Changelog\n"}


def distribution(name: str, sources: dict[str, str], project: str = "") -> dict[str, str]:
    files = {f"src/pyfly/{path}": text for path, text in sources.items()}
    files = {**files, **PAPERS, "pyproject.toml": PROJECT.format(name=name) + project}
    return {f"packages/{name}/{path}": text for path, text in files.items()}


@pytest.mark.parametrize(
    ("rule", "sources", "expected"),
    [
        ("missing_licence_lines", {"web/a.py": "import os\n"}, f"web/a.py: the first line is not {SPDX!r}"),
        (
            "type_checking_imports",
            {"web/a.py": "import typing\nif typing.TYPE_CHECKING: ...\n"},
            "a.py:2: TYPE_CHECKING",
        ),
        (
            "type_checking_imports",
            {"web/a.py": "if TYPE_CHECKING:\n    import os\n"},
            "a.py:1: TYPE_CHECKING",
        ),
        ("broken_namespaces", {"__init__.py": ""}, "pyfly/__init__.py: pyfly is a namespace"),
        ("broken_namespaces", {"web/adapters/__init__.py": ""}, "pyfly/web/adapters is a namespace"),
        ("long_files", {"web/a.py": "x = 1\n" * 400}, "web/a.py: 400 lines, the limit is 400"),
        (
            "named_adapters",
            {"web/a.py": "X = 'pyfly.web.adapters.star.app:App'\n"},
            "names pyfly.web.adapters.star.app:App",
        ),
    ],
)
def test_source_that_breaks_a_rule_is_named(make_repository, rule, sources, expected):
    workspace = make_repository(distribution("pyfly-web", sources))

    (found,) = getattr(source_rules, rule)(workspace)

    assert found.endswith(expected)


@pytest.mark.parametrize(
    "rule",
    ["missing_licence_lines", "type_checking_imports", "broken_namespaces", "long_files", "named_adapters"],
)
def test_source_that_keeps_the_rules_passes(make_repository, rule):
    adapter = f'{SPDX}\n"""Prose may name pyfly.web.adapters.star."""\n'
    sources = {"web/__init__.py": f"{SPDX}\n", "web/a.py": adapter, "web/adapters/star/it.py": f"{SPDX}\n"}
    workspace = make_repository(distribution("pyfly-web", sources))

    assert list(getattr(source_rules, rule)(workspace)) == []


def test_path_of_two_distributions_is_named(make_repository):
    files = {**distribution("pyfly-a", {"web/a.py": ""}), **distribution("pyfly-b", {"web/a.py": ""})}

    found = list(source_rules.shared_paths(make_repository(files)))

    assert found == ["pyfly/web/a.py: in pyfly-a and in pyfly-b"]


def test_missing_readme_and_misnamed_fragment_are_named(make_repository):
    files = distribution("pyfly-web", {}) | {"packages/pyfly-web/changes/thing.new.md": "A thing."}
    del files["packages/pyfly-web/README.md"]

    found = list(source_rules.missing_package_files(make_repository(files)))

    assert found == [
        "packages/pyfly-web/README.md: missing",
        "packages/pyfly-web/changes/thing.new.md: not named <slug>.<added|changed|fixed>.md",
    ]


@pytest.mark.parametrize(
    "line", ["pyfly-a", "pyfly-a>=0.1", "pyfly-a==0.1.0", "pyfly-a>=0.1.0,<2", "pyfly-a>=1.2,<1"]
)
def test_sibling_without_floor_and_ceiling_is_named(make_repository, line):
    web = distribution("pyfly-web", {}, f'dependencies = ["{line}"]\n')

    (found,) = source_rules.loose_sibling_requirements(make_repository(distribution("pyfly-a", {}) | web))

    assert found == f"pyfly-web: {line!r} is not written as pyfly-a>=<floor>,<<next major>"


@pytest.mark.parametrize("line", ["pyfly-a>=0.1.0,<1", "pyfly-a>=1.4,<2", "pyfly-a[fast]>=0.1,<1", "click"])
def test_bounded_sibling_passes(make_repository, line):
    web = distribution("pyfly-web", {}, f'dependencies = ["{line}"]\n')

    assert (
        list(source_rules.loose_sibling_requirements(make_repository(distribution("pyfly-a", {}) | web)))
        == []
    )


def test_distribution_outside_the_all_extra_is_named(make_repository):
    umbrella = distribution(
        "pyfly", {}, '[project.optional-dependencies]\nall = ["pyfly[a]"]\na = ["pyfly-a>=0.1,<1"]\n'
    )
    below = distribution("pyfly-a", {}, 'dependencies = ["pyfly-b>=0.1,<1"]\n') | distribution("pyfly-b", {})
    workspace = make_repository(umbrella | below | distribution("pyfly-c", {}))

    found = list(source_rules.unreachable_distributions(workspace.distributions[0], workspace))

    assert found == ["pyfly-c: not reached from pyfly[all]"]


def test_fence_without_a_known_language_is_named(make_repository):
    text = "```py\nx\n```\n\n```python\ny\n```\n\n~~~~\n```python\n~~~~\n"
    workspace = make_repository({"docs/a.md": text})

    found = [line.partition(" is none")[0] for line in source_rules.unknown_fences(workspace)]

    assert found == ["docs/a.md:1: 'py'", "docs/a.md:9: ''"]


def test_link_to_a_missing_file_is_named(make_repository):
    text = "[a](b.md#part) [c](../docs/a.md) [d](https://pyfly.example) [e](#here)"
    workspace = make_repository({"docs/a.md": text})

    assert list(source_rules.broken_links(workspace)) == ["docs/a.md: no b.md"]


def test_guide_that_the_front_page_leaves_out_is_named(make_repository):
    workspace = make_repository(
        {"docs/index.md": "[web](modules/web.md)", "docs/modules/web.md": "", "docs/modules/core.md": ""}
    )

    assert list(source_rules.unlisted_guides(workspace)) == ["docs/index.md does not link modules/core.md"]

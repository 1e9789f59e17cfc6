# SPDX-License-Identifier: Apache-2.0
import json
import os
import tomllib
from pathlib import Path

import pytest
import yaml

WEB = ("pyfly-web-starlette", "pyfly-server-granian")


@pytest.fixture
def web(bring):
    """What projects of the archetype web-api are made of, in versions of its own."""
    bring("pyfly", "0.3.1")
    for name in WEB:
        bring(name)


def project(name):
    return tomllib.loads(Path(name, "pyproject.toml").read_text())["project"]


def left_over():
    return os.listdir()


def test_a_web_api_is_made_of_what_is_installed(pyfly, web):
    result = pyfly("new", "shop", "--no-input")

    assert result.exit_code == 0, result.output
    assert "pyfly[web,granian,cli]>=0.3.1,<1" in project("shop")["dependencies"]
    settings = yaml.safe_load(Path("shop/pyfly.yaml").read_text())
    assert settings["pyfly"]["app"] == {"name": "shop", "module": "shop.main:app"}
    assert settings["pyfly"]["server"]["port"] == 8000
    assert left_over() == ["shop"]


@pytest.mark.parametrize("archetype", ["web-api", "library", "cli"])
def test_a_project_has_its_papers_and_valid_code(pyfly, web, archetype):
    assert pyfly("new", "My-Shop", "--archetype", archetype).exit_code == 0

    folder = Path("My-Shop")
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {"README.md", "pyproject.toml", ".gitignore", "src/my_shop/__init__.py"} <= files
    assert ("Dockerfile" in files, ".env.example" in files) == (archetype != "library",) * 2
    assert ("src/my_shop/py.typed" in files) == (archetype == "library")
    assert not [name for name in files if "__package__" in name or name.endswith(".jinja")]
    for name in files:
        text = (folder / name).read_text()
        assert "{{" not in text
        assert "{%" not in text
        assert text.endswith("\n") or not text
        if name.endswith(".py"):
            compile(text, name, "exec")


def test_the_next_steps_set_up_and_start_the_project(pyfly, web):
    output = pyfly("new", "shop").stdout

    assert "Next steps:\n  cd shop\n  python3 -m venv .venv\n" in output
    assert "--editable . --group dev\n" in output
    assert "  .venv/bin/pyfly run --reload\n" in output
    assert "Swagger UI" in output


def test_a_command_line_program_is_started_by_python(pyfly):
    output = pyfly("new", "My-Tool", "--archetype", "cli").stdout

    assert "  .venv/bin/python -m my_tool.main hello Ada\n" in output
    assert "pyfly run" not in output


@pytest.mark.parametrize("archetype", ["web-api", "library", "cli"])
def test_the_readme_repeats_the_next_steps(pyfly, web, archetype):
    output = pyfly("new", "tool", "--archetype", archetype).stdout.partition("Good to know")[0]

    readme = Path("tool/README.md").read_text()
    steps = [line.strip() for line in output.splitlines() if line.startswith("  ")]
    assert [step for step in steps if step not in readme] == ["cd tool"]


def test_a_library_has_entry_points_for_applications(pyfly):
    pyfly("new", "acme-kit", "--archetype", "library")

    entries = project("acme-kit")["entry-points"]
    assert entries["pyfly.auto_configuration"] == {
        "acme-kit": "acme_kit.auto_configuration:GreeterAutoConfiguration"
    }
    assert entries["pyfly.config_properties"] == {"acme-kit": "acme_kit.properties:GreetingProperties"}


def test_features_keep_the_order_in_which_they_are_given(pyfly, web, bring):
    bring("pyfly-web-fastapi")
    bring("pyfly-logging-structlog")

    pyfly("new", "shop", "--features", "structlog, granian,fastapi,structlog")

    assert "pyfly[structlog,granian,fastapi,cli]>=0.3.1,<1" in project("shop")["dependencies"]
    assert yaml.safe_load(Path("shop/pyfly.yaml").read_text())["pyfly"]["web"] == {"adapter": "fastapi"}


def test_what_a_service_cannot_be_without_is_added(pyfly, web, bring):
    bring("pyfly-logging-structlog")

    result = pyfly("new", "shop", "--features", "structlog")

    assert "pyfly[structlog,web,granian,cli]>=0.3.1,<1" in project("shop")["dependencies"]
    assert "Added, since web-api cannot be without: web, granian" in result.stderr


def test_a_library_requires_the_distributions_that_it_uses(pyfly, bring):
    bring("pyfly-core", "1.2.0+local.7")
    bring("pyfly-validation", "2.0.1")

    pyfly("new", "kit", "--archetype", "library", "--features", "none")
    pyfly("new", "checks", "--archetype", "library", "--features", "validation")

    assert project("kit")["dependencies"] == ["pyfly-core>=1.2.0,<2"]
    assert project("checks")["dependencies"] == ["pyfly-core>=1.2.0,<2", "pyfly-validation>=2.0.1,<3"]


def test_the_package_can_have_a_name_of_its_own(pyfly):
    pyfly("new", "shop", "--archetype", "library", "--package", "acme_shop")

    assert Path("shop/src/acme_shop/__init__.py").is_file()


def test_the_project_goes_into_the_directory(pyfly):
    Path("services").mkdir()

    output = pyfly("new", "shop", "--archetype", "library", "--directory", "services").stdout

    assert Path("services/shop/pyproject.toml").is_file()
    assert "  cd services/shop\n" in output


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("1shop", "'1shop' cannot be the name of a project."),
        ("shop!", "'shop!' cannot be the name of a project."),
        ("shop-", "'shop-' cannot be the name of a project."),
        ("..", "'..' cannot be the name of a project."),
        ("shöp", "'shöp' cannot be the name of a project."),
        ("shop\n", "cannot be the name of a project."),
        ("s" * 41, "has 41 characters"),
        ("class", "'class' is a keyword of Python."),
        ("match", "'match' is a keyword of Python."),
        ("json", "'json' conflicts with a module of Python's library."),
        ("starlette", "'starlette' conflicts with a module that the project needs."),
        ("tests", "'tests' conflicts with"),
        ("pyfly-shop", "'pyfly-shop' conflicts with the distributions of PyFly"),
        ("PyFly", "'PyFly' conflicts with"),
    ],
)
def test_a_name_that_cannot_be_used_is_refused(pyfly, name, message):
    result = pyfly("new", name, "--archetype", "library")

    assert result.exit_code == 1
    assert message in result.stderr
    assert "Traceback" not in result.output
    assert left_over() == []


@pytest.mark.parametrize("package", ["Shop", "1shop", "shop-api", "_shop", "class", "json", "pyfly"])
def test_a_package_that_cannot_be_used_is_refused(pyfly, package):
    result = pyfly("new", "shop", "--archetype", "library", "--package", package)

    assert (result.exit_code, left_over()) == (1, [])
    assert repr(package) in result.stderr


def test_a_place_that_is_taken_is_refused(pyfly):
    Path("shop").mkdir()
    Path("shop/notes.txt").write_text("mine")
    os.symlink("nowhere", "link")

    for name in ("shop", "link"):
        result = pyfly("new", name, "--archetype", "library")
        assert result.exit_code == 1
        assert "already exists." in result.stderr

    assert sorted(left_over()) == ["link", "shop"]
    assert os.listdir("shop") == ["notes.txt"]


def test_a_directory_that_does_not_exist_is_a_usage_error(pyfly):
    assert pyfly("new", "shop", "--directory", "nowhere").exit_code == 2


def test_unknown_features_are_named(pyfly):
    result = pyfly("new", "shop", "--features", "web,kubernetes,magic")

    assert (result.exit_code, left_over()) == (1, [])
    assert "Unknown features: kubernetes, magic." in result.stderr


def test_features_without_use_are_refused(pyfly):
    result = pyfly("new", "shop", "--archetype", "library", "--features", "granian")

    assert (result.exit_code, left_over()) == (1, [])
    assert "library has no use for granian. Use some of: validation." in result.stderr


def test_an_unknown_archetype_names_the_similar_one(pyfly):
    result = pyfly("new", "shop", "--archetype", "web-app")

    assert (result.exit_code, left_over()) == (1, [])
    assert "There is no archetype 'web-app', did you mean web-api?" in result.stderr


def test_an_archetype_of_a_distribution_that_is_not_installed_says_what_to_install(pyfly):
    result = pyfly("new", "mail", "--archetype", "messaging")

    assert (result.exit_code, left_over()) == (1, [])
    assert "needs pyfly-messaging, which is not installed" in result.stderr
    assert "pip install pyfly-messaging" in result.stderr


@pytest.mark.parametrize("args", [["--no-input"], []])
def test_nobody_is_asked_without_a_terminal(pyfly, args):
    result = pyfly("new", *args)

    assert result.exit_code == 1
    assert "Give it one: pyfly new NAME." in result.stderr


def test_json_without_list_is_a_usage_error(pyfly):
    assert pyfly("new", "shop", "--json").exit_code == 2


def test_the_list_tells_what_is_there_and_what_is_missing(pyfly, web):
    result = pyfly("new", "--list")

    lines = {line.split()[0]: line for line in result.stdout.splitlines() if line}
    assert "An HTTP service" in lines["web-api"]
    assert "not installed" not in lines["web-api"]
    assert "needs pyfly-messaging, which is not installed" in lines["messaging"]
    assert "Granian" in lines["granian"]
    assert left_over() == []


def test_the_list_can_be_json(pyfly, web):
    listed = json.loads(pyfly("new", "--list", "--json").stdout)

    archetypes = {one["name"]: one for one in listed["archetypes"]}
    features = {one["name"]: one for one in listed["features"]}
    assert list(archetypes) == ["web-api", "library", "cli", "messaging"]
    assert archetypes["web-api"]["default_features"] == ["web", "granian"]
    assert archetypes["web-api"]["missing"] == []
    assert archetypes["messaging"]["missing"] == ["pyfly-messaging"]
    assert features["granian"]["missing"] == []
    assert features["fastapi"]["distribution"] == "pyfly-web-fastapi"

# SPDX-License-Identifier: Apache-2.0
import json
import platform
import subprocess
import sys
from importlib.metadata import version

import pytest


@pytest.fixture
def facts(pyfly):
    """Return what ``pyfly info --json`` prints."""

    def read():
        result = pyfly("info", "--json")
        assert result.exit_code == 0, result.output
        assert result.stderr == ""
        return json.loads(result.stdout)

    return read


def named(items, name):
    (found,) = [item for item in items if item["name"] == name]
    return found


def test_the_text_has_a_title_for_each_kind_of_fact(pyfly):
    lines = pyfly("info").stdout.splitlines()

    assert lines[0] == f"PyFly Framework {version('pyfly-core')}"
    for title in (
        "Environment",
        "Installed Distributions",
        "Installed Extras",
        "Servers",
        "Event Loops",
        "Web Adapters",
    ):
        assert title in lines

    for fact in ("Python", "Platform", "Architecture"):
        assert any(line.startswith(fact) for line in lines)


def test_the_environment_is_told(facts):
    environment = facts()["environment"]

    assert environment["python"] == platform.python_version()
    assert environment["architecture"] == platform.machine()
    assert environment["executable"] == sys.executable


def test_the_distributions_are_told_with_their_versions(facts):
    found = facts()

    assert found["framework"] == {"name": "PyFly Framework", "version": version("pyfly-core")}
    assert {"name": "pyfly-cli", "version": version("pyfly-cli")} in found["distributions"]


def test_an_extra_is_installed_when_all_it_requires_is(facts, distribution):
    distribution(
        "pyfly-acme",
        requires=[
            "click; extra == 'right'",
            "no-such-distribution; extra == 'absent'",
            "click>=99; extra == 'old'",
            "pyfly-acme[right,old]; extra == 'both'",
            "pyfly-acme[circle]; extra == 'circle'",
            "no-such-distribution; extra == 'elsewhere' and sys_platform == 'nowhere'",
        ],
        extras=["right", "absent", "old", "both", "circle", "elsewhere"],
    )

    extras = {it["name"]: it["installed"] for it in facts()["extras"] if "acme" in it["name"]}

    assert extras == {
        "pyfly-acme[absent]": False,
        "pyfly-acme[both]": False,
        "pyfly-acme[circle]": True,
        "pyfly-acme[elsewhere]": True,
        "pyfly-acme[old]": False,
        "pyfly-acme[right]": True,
    }


def test_extras_of_the_framework_itself_have_short_names(facts, distribution):
    distribution("pyfly", requires=["click; extra == 'acme-web'"], extras=["acme-web"])

    assert named(facts()["extras"], "acme-web")["installed"] is True


def test_what_plugs_in_is_told_with_the_version_of_its_library(facts, distribution):
    distribution(
        "pyfly-server-acme",
        version="4.2",
        requires=["absent_server>=1", "click"],
        entry_points={
            "pyfly.servers": {"acme": "acme:Own", "absent-server": "acme:Absent", "click": "acme:Click"}
        },
    )

    servers = facts()["servers"]

    assert named(servers, "acme") == {
        "name": "acme",
        "distribution": "pyfly-server-acme",
        "version": "4.2",
        "available": True,
    }
    assert named(servers, "absent-server")["available"] is False
    assert named(servers, "absent-server")["version"] is None
    assert named(servers, "click")["version"] == version("click")


def test_the_loop_of_python_is_always_there(facts):
    loops = facts()["eventLoops"]

    assert named(loops, "asyncio")["available"] is True


def test_nothing_is_imported_for_it(distribution, pyfly):
    distribution(
        "pyfly-server-acme",
        entry_points={"pyfly.servers": {"acme": "acme_server:Acme"}},
        files={"acme_server.py": "raise RuntimeError('imported')"},
    )

    assert "acme" in pyfly("info").stdout


def test_the_libraries_are_not_imported():
    code = (
        "import sys; from click.testing import CliRunner; from pyfly.cli.main import cli;"
        "assert CliRunner().invoke(cli, ['info']).exit_code == 0;"
        "libraries = {'granian', 'uvicorn', 'hypercorn', 'uvloop', 'starlette', 'rich'};"
        "print(sorted(libraries & sys.modules.keys()))"
    )

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )

    assert done.stdout.strip() == "[]"

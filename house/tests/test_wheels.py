# SPDX-License-Identifier: Apache-2.0
from house.wheels import check_wheels, wheel_failures

LICENCE = b"The licence."
WEB = {"pyfly/web/__init__.py": "", "pyfly/web/py.typed": ""}
ALL = {"requires": "pyfly-web>=0.1.0,<1; extra == 'all'", "extra": "all"}


def test_sound_set_has_no_failures(make_wheel):
    wheels = [make_wheel("pyfly-web", WEB), make_wheel("pyfly", {}, **ALL)]

    assert list(wheel_failures(wheels, LICENCE)) == []


def test_failures_of_the_set_and_of_one_wheel_are_all_reported(make_wheel):
    broken = make_wheel(
        "pyfly-more", {"pyfly/web/py.typed": "", "pyfly/web/more.py": "import missing_library"}
    )
    wheels = [make_wheel("pyfly-web", WEB), broken]

    collision, failed_import = wheel_failures(wheels, LICENCE)

    assert collision == "pyfly/web/py.typed is in pyfly-web and in pyfly-more"
    assert "No module named 'missing_library'" in failed_import


def test_distribution_that_all_does_not_install_is_reported(make_wheel):
    wheels = [make_wheel("pyfly-web", WEB), make_wheel("pyfly", {})]

    (failure,) = wheel_failures(wheels, LICENCE)

    assert failure.startswith("pyfly[all], installed alone: ")
    assert "pyfly-web" in failure


def test_build_that_fails_fails_the_check(make_repository, capsys):
    workspace = make_repository(
        {"LICENSE": "x", "packages/pyfly-web/pyproject.toml": "[project]\nversion = '1'\n"}
    )

    status = check_wheels(workspace)

    assert status == 1
    assert "packages/pyfly-web" in capsys.readouterr().err

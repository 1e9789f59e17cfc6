# SPDX-License-Identifier: Apache-2.0
from house.wheel_install import install_failures


def test_wheel_whose_modules_all_import_has_no_failures(make_wheel):
    core = make_wheel("pyfly-core", {"pyfly/core/__init__.py": "LOADED = True"})
    web = make_wheel(
        "pyfly-web",
        {"pyfly/web/__init__.py": "", "pyfly/web/auto.py": "from pyfly.core import LOADED\nclass Auto: ..."},
        requires="pyfly-core>=0.1.0,<1",
        entry_points="[pyfly.auto_configuration]\nweb = pyfly.web.auto:Auto\n",
    )

    assert list(install_failures("pyfly-web", ["pyfly-web"], [core, web])) == []


def test_undeclared_dependency_fails_when_installed_alone(make_wheel):
    core = make_wheel("pyfly-core", {"pyfly/core/__init__.py": ""})
    web = make_wheel("pyfly-web", {"pyfly/web/__init__.py": "", "pyfly/web/deep/it.py": "import pyfly.core"})

    (failure,) = install_failures("pyfly-web", ["pyfly-web"], [core, web])

    assert failure.startswith("pyfly-web, installed alone: ")
    assert "pyfly-web: import pyfly.web.deep.it: " in failure
    assert "No module named 'pyfly.core'" in failure


def test_entry_point_without_target_fails(make_wheel):
    points = "[pyfly.auto_configuration]\nweb = pyfly.web:Auto\n"
    web = make_wheel("pyfly-web", {"pyfly/web/__init__.py": ""}, entry_points=points)

    (failure,) = install_failures("pyfly-web", ["pyfly-web"], [web])

    assert "entry point pyfly.auto_configuration: web = pyfly.web:Auto: " in failure


def test_requirement_that_cannot_be_met_fails(make_wheel):
    core = make_wheel("pyfly-core", {"pyfly/core/__init__.py": ""})
    web = make_wheel("pyfly-web", {"pyfly/web/__init__.py": ""}, requires="pyfly-core>=0.2,<1")

    (failure,) = install_failures("pyfly-web", ["pyfly-web"], [core, web])

    assert "pyfly-core>=0.2" in failure

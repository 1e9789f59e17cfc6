# SPDX-License-Identifier: Apache-2.0
from house.wheel_rules import closed_namespaces, collisions, missing_papers, untyped_packages

GOOD = {
    "pyfly/web/__init__.py": "",
    "pyfly/web/py.typed": "",
    "pyfly/web/_deep/__init__.py": "",
    "pyfly/web/adapters/plain/__init__.py": "",
}
ADAPTER = {"pyfly/web/adapters/star/__init__.py": "", "pyfly/web/adapters/star/py.typed": ""}


def test_good_wheels_obey_every_rule(make_wheel):
    wheels = [make_wheel("pyfly-web", GOOD), make_wheel("pyfly-web-star", ADAPTER), make_wheel("pyfly", {})]

    found = [*collisions(wheels), *closed_namespaces(wheels), *untyped_packages(wheels)]

    assert found == []
    assert list(missing_papers(wheels, b"The licence.")) == []


def test_two_wheels_with_one_path_are_named(make_wheel):
    wheels = [make_wheel("pyfly-web", GOOD), make_wheel("pyfly-more", {"pyfly/web/py.typed": ""})]

    assert list(collisions(wheels)) == ["pyfly/web/py.typed is in pyfly-web and in pyfly-more"]


def test_init_file_of_the_namespace_is_refused(make_wheel):
    wheel = make_wheel("pyfly-web", {"pyfly/__init__.py": "", "pyfly/py.typed": ""})

    assert list(closed_namespaces([wheel])) == [
        "pyfly-web ships pyfly/__init__.py: it would hide all other distributions"
    ]


def test_file_outside_the_namespace_is_refused(make_wheel):
    wheel = make_wheel("pyfly-web", {"tests/test_it.py": ""})

    assert list(closed_namespaces([wheel])) == [
        "pyfly-web ships tests/test_it.py, which is outside the namespace"
    ]


def test_owned_package_without_marker_is_named(make_wheel):
    wheel = make_wheel("pyfly-web-star", {"pyfly/web/adapters/star/__init__.py": ""})

    assert list(untyped_packages([wheel])) == [
        "pyfly-web-star ships pyfly/web/adapters/star without py.typed"
    ]


def test_module_in_the_package_of_another_wheel_needs_no_marker(make_wheel):
    wheel = make_wheel("pyfly-server", {"pyfly/config/properties/server.py": ""})

    assert list(untyped_packages([wheel])) == []


def test_wheel_with_another_licence_text_is_named(make_wheel):
    wheel = make_wheel("pyfly-web", GOOD, licence=b"../../LICENSE")

    assert list(missing_papers([wheel], b"The licence.")) == [
        "pyfly-web does not carry the text of LICENSE in its metadata"
    ]


def test_wheel_without_readme_is_named(make_wheel):
    wheel = make_wheel("pyfly-web", GOOD, readme="# pyfly-web")

    assert list(missing_papers([wheel], b"The licence.")) == ["pyfly-web has no README in its metadata"]

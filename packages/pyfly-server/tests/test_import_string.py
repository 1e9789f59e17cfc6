# SPDX-License-Identifier: Apache-2.0
import os.path

import pytest

from pyfly.server.exceptions import ApplicationImportError
from pyfly.server.import_string import load_application, load_object


def test_the_attribute_of_the_module_is_returned():
    assert load_application("os.path:join") is os.path.join
    assert load_application("os:path.join") is os.path.join


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("os", "it is not of the form 'package.module:attribute'"),
        ("os:", "it is not of the form 'package.module:attribute'"),
        ("no_such_package.main:app", "there is no module 'no_such_package'"),
        ("json.no_such_module:app", "there is no module 'json.no_such_module'"),
        ("os:no_such_attribute", "'os' has no attribute 'no_such_attribute'"),
        ("os:sep", "'sep' is a str, which is not callable"),
    ],
)
def test_what_is_wrong_with_the_text_is_told(target, reason):
    with pytest.raises(ApplicationImportError) as caught:
        load_application(target)

    assert caught.value.target == target
    assert caught.value.description == f"Cannot load the application {target!r}: {reason}."


def test_an_import_error_of_the_application_itself_is_left_alone(tmp_path, monkeypatch):
    (tmp_path / "needy_application.py").write_text("import a_library_that_is_not_there\n")
    monkeypatch.syspath_prepend(tmp_path)

    with pytest.raises(ModuleNotFoundError, match="a_library_that_is_not_there"):
        load_application("needy_application:app")


def test_any_object_can_be_loaded():
    assert load_object("os:sep") == os.sep
    assert load_object("os:path.sep") == os.sep

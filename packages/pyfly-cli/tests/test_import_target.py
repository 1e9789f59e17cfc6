# SPDX-License-Identifier: Apache-2.0
import sys

import pytest

from pyfly.cli.import_target import check_target
from pyfly.server.exceptions import ApplicationImportError

FILES = {
    "src/shop_of_targets/__init__.py": "raise RuntimeError('this module is never imported')\n",
    "src/shop_of_targets/main.py": "from starlette.applications import Starlette\n\n"
    "application = Starlette()\nsettings: dict = {}\n\n\nclass Wares: ...\n",
    "src/shop_of_targets/inner/__init__.py": "",
    "src/shop_of_targets/inner/late.py": "def make():\n    global app\n    app = print\n\n\nmake()\n",
    "src/shop_of_targets/dynamic.py": "globals()['app'] = print\n",
    "src/shop_of_targets/star.py": "from os.path import *\n",
    "src/shop_of_targets/answers.py": "def __getattr__(name):\n    return print\n",
    "src/shop_of_targets/loop.py": "for app in [print]:\n    pass\n",
    "src/shop_of_targets/attempts.py": "try:\n    import a as app\nexcept ImportError:\n    app = None\n",
    "src/shop_of_targets/broken.py": "app = (\n",
    "namespace_of_targets/inner/main.py": "app = print\n",
    "single_of_targets.py": "(first, second), *rest = 1, 2\n",
}


@pytest.fixture
def project(tmp_path, monkeypatch):
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    monkeypatch.setattr(sys, "path", [str(tmp_path / "src"), str(tmp_path), *sys.path])
    yield tmp_path
    assert not [name for name in sys.modules if "_of_targets" in name]


@pytest.mark.parametrize(
    "target",
    [
        "shop_of_targets.main:application",
        "shop_of_targets.main:application.router",
        "shop_of_targets.main:Wares",
        "shop_of_targets.main:settings",
        "shop_of_targets.main:Starlette",
        "shop_of_targets:inner",
        "shop_of_targets.inner.late:app",
        "shop_of_targets.attempts:app",
        "single_of_targets:rest",
        "single_of_targets:second",
        "json:dumps",
        "sys:version",
    ],
)
def test_what_exists_is_right(project, target):
    check_target(target, project)


@pytest.mark.parametrize(
    "target",
    [
        "shop_of_targets.dynamic:app",
        "shop_of_targets.star:join",
        "shop_of_targets.answers:app",
        "shop_of_targets.loop:app",
        "shop_of_targets.broken:app",
        "namespace_of_targets.inner.main:app",
    ],
)
def test_what_only_the_import_can_tell_is_left_to_it(project, target):
    check_target(target, project)


@pytest.mark.parametrize(
    ("target", "problem", "advice"),
    [
        (
            "shop_of_target.main:application",
            "there is no module 'shop_of_target'",
            "Did you mean shop_of_targets.main:application?",
        ),
        (
            "shop_of_targets.mian:app",
            "there is no module 'shop_of_targets.mian'",
            "Did you mean shop_of_targets.main:application?",
        ),
        (
            "shop_of_targets.main.deeper:app",
            "there is no module 'shop_of_targets.main.deeper'",
            "Did you mean shop_of_targets.main:application?",
        ),
        (
            "shop_of_targets.main:aplication",
            "'shop_of_targets.main' has no attribute 'aplication'",
            "Did you mean shop_of_targets.main:application?",
        ),
        (
            "shop_of_targets.main.application",
            "it is not of the form 'package.module:attribute'",
            "Did you mean shop_of_targets.main:application?",
        ),
        (
            "src/shop_of_targets/main.py:application",
            "it is not of the form 'package.module:attribute'",
            "Did you mean shop_of_targets.main:application?",
        ),
        (
            "single_of_targets:nothing_like_it",
            "'single_of_targets' has no attribute 'nothing_like_it'",
            "Check the name after the colon.",
        ),
    ],
)
def test_what_is_wrong_is_told_with_what_may_be_meant(project, target, problem, advice):
    with pytest.raises(ApplicationImportError) as caught:
        check_target(target, project)

    assert problem in str(caught.value)
    assert caught.value.action == advice


@pytest.mark.parametrize("target", ["", ":", "a:", ":a", "a b:c", "nothing-like-it"])
def test_a_text_of_another_form_is_refused(tmp_path, target):
    with pytest.raises(ApplicationImportError) as caught:
        check_target(target, tmp_path)

    assert caught.value.action == "Write, for example, 'orders.main:app'."


def test_a_module_that_resembles_nothing_gets_the_general_advice(tmp_path):
    with pytest.raises(ApplicationImportError) as caught:
        check_target("no_such_module_anywhere:app", tmp_path)

    assert caught.value.action.startswith("Check the name, and start in the folder that holds it")

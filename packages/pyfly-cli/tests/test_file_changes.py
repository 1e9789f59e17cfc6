# SPDX-License-Identifier: Apache-2.0
import select
from pathlib import Path

import pytest

from pyfly.cli.file_changes import FileChanges

DEADLINE = 30.0


@pytest.fixture
def project(tmp_path):
    package = tmp_path / "src" / "shop"
    package.mkdir(parents=True)
    (package / "main.py").write_text("app = None\n")
    (tmp_path / "pyfly.yaml").write_text("pyfly: {}\n")
    (tmp_path / "static").mkdir()
    return tmp_path


def told(changes):
    """Return what is told next; changes of one file may be told twice."""
    readable, _, _ = select.select([changes], [], [], DEADLINE)
    assert readable, "no change was told"
    return changes.take()


def write_until_told(changes, path, text):
    """The first change may come before the system watches: write again until it is told."""
    for _ in range(20):
        path.write_text(text)
        if select.select([changes], [], [], DEADLINE / 20)[0]:
            return changes.take()

    raise AssertionError("no change was told")


@pytest.mark.parametrize("name", ["src/shop/main.py", "src/shop/new.py", "pyfly.yaml", "pyfly-dev.toml"])
def test_changed_file_of_the_project_is_told(project, name):
    with FileChanges(project) as changes:
        assert write_until_told(changes, project / name, "# changed\n") == name


def test_any_file_of_a_further_folder_is_told(project):
    with FileChanges(project, [project / "static"]) as changes:
        told_name = write_until_told(changes, project / "static" / "style.css", "a {}\n")

    assert told_name == str(Path("static") / "style.css")


def test_files_that_do_not_count_are_not_told(project):
    with FileChanges(project) as changes:
        write_until_told(changes, project / "src" / "shop" / "main.py", "app = 1\n")
        (project / "notes.txt").write_text("later")
        (project / "outside.py").write_text("x = 1")
        (project / "src" / "shop" / "data.json").write_text("{}")
        (project / "src" / "shop" / "main.py").write_text("app = 2\n")

        assert told(changes) == "src/shop/main.py"


def test_file_that_is_no_python_yet_is_named_and_told_when_it_is(project, capsys):
    main = project / "src" / "shop" / "main.py"
    with FileChanges(project) as changes:
        assert write_until_told(changes, main, "def (:\n") is None
        error = capsys.readouterr().err
        main.write_text("app = 3\n")
        while (name := told(changes)) is None:
            pass

    assert name == "src/shop/main.py"
    assert f"Not reloaded: {main}, line 1: " in error


def test_removed_file_is_told(project):
    main = project / "src" / "shop" / "main.py"
    with FileChanges(project) as changes:
        write_until_told(changes, main, "app = 1\n")
        main.unlink()

        assert told(changes) == "src/shop/main.py"

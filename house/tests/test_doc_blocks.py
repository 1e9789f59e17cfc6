# SPDX-License-Identifier: Apache-2.0
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = """
from pathlib import Path
from house.doc_blocks import markdown_blocks
pytest_collect_file = markdown_blocks(Path(__file__).parent).pytest()
"""


@pytest.fixture
def run_document(repository, tmp_path):
    """A function that runs one Markdown document as tests: gives the exit status and what was printed."""

    def run(text: str) -> tuple[int, str]:
        Path(tmp_path, "conftest.py").write_text(CONFTEST, "utf-8")
        Path(tmp_path, "guide.md").write_text(text, "utf-8")
        shutil.copy(repository.root / "pyproject.toml", tmp_path)
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "pytest",
                "-p",
                "no:cacheprovider",
                "-p",
                "no:hypothesispytest",
                "guide.md",
            ],
            cwd=tmp_path,
            env={**os.environ, "PYFLY_SERVER_PORT": "1"},
            capture_output=True,
            text=True,
            timeout=60,
        )
        return done.returncode, done.stdout

    return run


def block(*lines: str, language: str = "python") -> str:
    return "\n".join([f"```{language}", *lines, "```", ""])


def test_blocks_share_names_from_top_to_bottom(run_document):
    status, shown = run_document(block("number = 1") + "Then:\n\n" + block("assert number == 1"))

    assert status == 0, shown
    assert "2 passed" in shown


def test_blocks_await_in_one_event_loop(run_document):
    make = block(
        "import asyncio", "first = asyncio.create_task(asyncio.sleep(0, 'done'))", "await asyncio.sleep(0)"
    )
    status, shown = run_document(make + block("assert await first == 'done'"))

    assert status == 0, shown
    assert "2 passed" in shown


def test_failure_names_the_line_of_the_document(run_document):
    status, shown = run_document("# Title\n\n" + block("fine = 1", "assert fine == 2"))

    assert status == 1
    assert "guide.md:5: AssertionError" in shown


def test_other_languages_are_not_run(run_document):
    status, shown = run_document(block("assert False", language="text") + block("assert True"))

    assert status == 0, shown
    assert "1 passed" in shown


def test_classes_resolve_their_annotations(run_document):
    define = block("class A: ...", "class B:", "    a: 'A'")
    status, shown = run_document(
        define + block("import typing", "assert typing.get_type_hints(B) == {'a': A}")
    )

    assert status == 0, shown


def test_document_runs_in_an_empty_folder_without_settings(run_document):
    status, shown = run_document(
        block("import os", "assert os.listdir() == []", "assert 'PYFLY_SERVER_PORT' not in os.environ")
    )

    assert status == 0, shown

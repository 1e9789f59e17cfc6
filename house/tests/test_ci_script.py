# SPDX-License-Identifier: Apache-2.0
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HATCH = """#!/bin/sh
echo "ran $2 with services ${PYFLY_REQUIRE_SERVICES:-unset}"
[ "$2" = test ] && printf '%b' "${PYTEST_SAYS}"
case " $FAILING " in *" $2 "*) exit 3 ;; esac
exit 0
"""

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the script needs bash")


@pytest.fixture
def run_script(repository, tmp_path):
    """A function that runs the script with a stand-in for hatch: gives the status and the printed lines."""
    Path(tmp_path, ".ci").mkdir()
    shutil.copy(repository.root / ".ci" / "run", tmp_path / ".ci" / "run")
    hatch = Path(tmp_path, ".venv", "bin", "hatch")
    hatch.parent.mkdir(parents=True)
    hatch.write_text(HATCH, "utf-8")
    hatch.chmod(0o755)

    def run(*failing: str, says: str = "=== 3 passed in 0.10s ===\\n") -> tuple[int, list[str]]:
        environment = {**os.environ, "FAILING": " ".join(failing), "PYTEST_SAYS": says}
        command = ["bash", str(tmp_path / ".ci" / "run")]
        done = subprocess.run(
            command,
            cwd="/",
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return done.returncode, done.stdout.splitlines()

    return run


def test_all_checks_run_and_the_closing_line_of_pytest_is_last(run_script):
    status, lines = run_script()

    assert status == 0
    assert [line for line in lines if line.startswith("ran ")] == [
        f"ran {step} with services 1" for step in ("test", "lint", "types", "wheels")
    ]
    assert lines[-1] == "=== 3 passed in 0.10s ==="


@pytest.mark.parametrize("step", ["test", "lint", "types", "wheels"])
def test_one_failed_check_fails_the_run_and_skips_no_other(run_script, step):
    status, lines = run_script(step)

    assert status == 1
    assert "ran wheels with services 1" in lines
    assert lines[-1] == "=== 3 passed in 0.10s ==="


def test_tests_that_never_finish_fail_the_run(run_script):
    status, lines = run_script(says="collecting ...\\n")

    assert status == 1
    assert lines[-1] == "=== 1 error: pytest did not finish ==="


def test_tests_run_by_the_command_of_the_readme(repository):
    readme = (repository.root / "README.md").read_text("utf-8").splitlines()
    script = (repository.root / ".ci" / "run").read_text("utf-8")

    commands = [line for line in readme if line.startswith((".venv/", "python3 "))]

    assert len(commands) == 2
    assert commands[0].endswith(" && .venv/bin/hatch run demo")
    assert commands[1] == ".venv/bin/hatch run test"
    assert "hatch=.venv/bin/hatch\n" in script
    assert "\nrun test " in script

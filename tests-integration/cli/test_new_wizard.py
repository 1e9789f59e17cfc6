# SPDX-License-Identifier: Apache-2.0
"""``pyfly new`` as somebody at a terminal sees it, and its repository."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

PYFLY = str(Path(sys.executable).parent / "pyfly")
DEADLINE = 60.0
IDENTITY = {
    "GIT_AUTHOR_NAME": "Ada",
    "GIT_AUTHOR_EMAIL": "ada@example.org",
    "GIT_COMMITTER_NAME": "Ada",
    "GIT_COMMITTER_EMAIL": "ada@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


class Terminal:
    """A command on a terminal of its own."""

    def __init__(self, command: Sequence[str], folder: Path, environment: dict[str, str]) -> None:
        self._screen, terminal = pty.openpty()
        self._unread = ""
        # A run of tests in the background of a shell ignores Ctrl-C, and so would what it starts.
        self._process = subprocess.Popen(
            command, cwd=folder, env=environment, stdin=terminal, stdout=terminal, stderr=terminal,
            start_new_session=True, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )  # fmt: skip
        os.close(terminal)

    def wait_for(self, text: str) -> str:
        """Wait until a text is shown, and return what is shown up to there."""
        end = time.monotonic() + DEADLINE
        while text not in self._unread:
            readable, _, _ = select.select([self._screen], [], [], max(0.0, end - time.monotonic()))
            if not readable:
                pytest.fail(f"waited {DEADLINE:g} s for {text!r} after {self._unread!r}")

            self._unread += self._read()

        shown, _, self._unread = self._unread.partition(text)
        return shown + text

    def answer(self, question: str, text: str) -> str:
        """Type a line when a question is asked, and return what was shown before."""
        shown = self.wait_for(question)
        os.write(self._screen, f"{text}\n".encode())
        return shown

    def interrupt(self) -> None:
        """Do as Ctrl-C does."""
        self._process.send_signal(signal.SIGINT)

    def end(self) -> int:
        """Wait for the end, and return the exit code."""
        return self._process.wait(DEADLINE)

    def close(self) -> None:
        """End the command if it still runs, and take the terminal away."""
        self._process.kill()
        self._process.wait()
        os.close(self._screen)

    def _read(self) -> str:
        try:
            return os.read(self._screen, 65536).decode()
        except OSError:
            pytest.fail(f"the command ended after {self._unread!r}")


@pytest.fixture
def wizard(tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    """Start the wizard: ``wizard("--archetype", "cli")``; projects go to ``tmp_path``."""
    started: list[Terminal] = []

    def start(*options: str) -> Terminal:
        environment = {**os.environ, "TERM": "dumb", "NO_COLOR": "1", "COLUMNS": "200"}
        started.append(Terminal([PYFLY, "new", *options], tmp_path, environment))
        return started[-1]

    yield start
    for terminal in started:
        terminal.close()


def test_the_wizard_asks_for_everything(wizard: Callable[..., Terminal], tmp_path: Path) -> None:
    terminal = wizard()

    terminal.answer("Project name: ", "Book-Shop")
    terminal.answer("Package name [book_shop]: ", "")
    listed = terminal.answer("Archetype [web-api]: ", "")
    offered = terminal.answer("Features, separated by commas [web,granian]: ", "fastapi, structlog")
    told = terminal.answer("Create it in ", "y")
    terminal.wait_for("Next steps:")

    assert terminal.end() == 0
    assert "An HTTP service" in listed
    assert "The ASGI server Granian" in offered
    assert "Book-Shop: web-api, package book_shop, features: fastapi, structlog, granian" in told
    assert "pyfly[fastapi,structlog,granian,cli]" in (tmp_path / "Book-Shop" / "pyproject.toml").read_text()


def test_an_answer_that_will_not_do_is_asked_for_again(
    wizard: Callable[..., Terminal], tmp_path: Path
) -> None:
    (tmp_path / "taken").write_text("")
    terminal = wizard("--archetype", "library")

    terminal.answer("Project name: ", "9lives")
    terminal.answer("cannot be the name of a project. ", "")
    terminal.answer("Project name: ", "taken")
    terminal.wait_for("already exists.")
    terminal.answer("Project name: ", "kit")
    terminal.answer("Package name [kit]: ", "json")
    terminal.wait_for("conflicts with a module of Python's library.")
    terminal.answer("Package name [kit]: ", "acme_kit")
    terminal.answer("Features, separated by commas [none]: ", "granian")
    terminal.wait_for("library has no use for granian.")
    terminal.answer("Features, separated by commas [none]: ", "validation")
    terminal.answer("[Y/n]: ", "")

    assert terminal.end() == 0
    assert (tmp_path / "kit" / "src" / "acme_kit" / "__init__.py").is_file()


def test_what_is_decided_is_not_asked_for(wizard: Callable[..., Terminal], tmp_path: Path) -> None:
    terminal = wizard("--archetype", "cli", "--features", "none", "--package", "acme")

    terminal.answer("Project name: ", "tool")
    shown = terminal.answer("[Y/n]: ", "y")

    assert terminal.end() == 0
    assert "Package name" not in shown
    assert "Archetype" not in shown
    assert "Features," not in shown
    assert (tmp_path / "tool" / "src" / "acme" / "main.py").is_file()


def test_no_leaves_no_files(wizard: Callable[..., Terminal], tmp_path: Path) -> None:
    terminal = wizard("--archetype", "cli", "--features", "none")

    terminal.answer("Project name: ", "tool")
    terminal.answer("Package name [tool]: ", "")
    terminal.answer("[Y/n]: ", "n")
    terminal.wait_for("Nothing was written.")

    assert terminal.end() == 0
    assert list(tmp_path.iterdir()) == []


def test_an_interruption_leaves_no_files(wizard: Callable[..., Terminal], tmp_path: Path) -> None:
    terminal = wizard("--archetype", "cli")

    terminal.answer("Project name: ", "tool")
    terminal.wait_for("Package name [tool]: ")
    terminal.interrupt()
    terminal.wait_for("Nothing was written.")

    assert terminal.end() == 0
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def new(tmp_path: Path) -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """Make a project: ``new("kit", "--git", HOME="/nowhere")``; it goes to the folder ``projects``."""
    folder = tmp_path / "projects"
    folder.mkdir()

    def run(*options: str, **variables: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [PYFLY, "new", *options, "--archetype", "library"],
            cwd=folder,
            env={**os.environ, **IDENTITY, **variables},
            capture_output=True,
            text=True,
            timeout=DEADLINE,
        )

    return run


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=folder, capture_output=True, text=True, timeout=DEADLINE, check=True
    ).stdout


def test_git_makes_a_repository_with_one_commit(
    new: Callable[..., "subprocess.CompletedProcess[str]"], tmp_path: Path
) -> None:
    # As in a hook of another repository.
    made = new("kit", "--git", GIT_DIR=str(tmp_path / "elsewhere"), GIT_INDEX_FILE=str(tmp_path / "index"))

    folder = tmp_path / "projects" / "kit"
    assert made.returncode == 0, made.stderr
    assert git(folder, "log", "--format=%s by %an").splitlines() == ["Start kit by Ada"]
    assert git(folder, "status", "--porcelain") == ""
    assert {".gitignore", "pyproject.toml", "src/kit/py.typed"} <= set(git(folder, "ls-files").split())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["projects"]


def test_a_commit_that_fails_leaves_nothing(
    new: Callable[..., "subprocess.CompletedProcess[str]"], tmp_path: Path
) -> None:
    made = new("kit", "--git", GIT_AUTHOR_NAME="", GIT_COMMITTER_NAME="")

    assert made.returncode == 1
    assert "git commit failed" in made.stderr
    assert "empty ident name" in made.stderr
    assert "leave out --git" in made.stderr
    assert list((tmp_path / "projects").iterdir()) == []


def test_an_interruption_while_it_writes_leaves_nothing(
    new: Callable[..., "subprocess.CompletedProcess[str]"], tmp_path: Path
) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    (programs / "git").write_text("#!/bin/sh\nkill -INT $PPID\nexec sleep 60\n")
    (programs / "git").chmod(0o755)

    made = new("kit", "--git", PATH=f"{programs}{os.pathsep}{os.environ['PATH']}")

    assert made.returncode == 1
    assert "Aborted!" in made.stderr
    assert list((tmp_path / "projects").iterdir()) == []


def test_bash_completes_commands(tmp_path: Path) -> None:
    script = (
        "source <(pyfly completion bash) && complete -p pyfly >/dev/null || exit 1;"
        "COMP_WORDS=(pyfly ne) COMP_CWORD=1; _pyfly_completion pyfly; echo ${COMPREPLY[@]}"
    )
    environment = {**os.environ, "PATH": f"{Path(PYFLY).parent}{os.pathsep}{os.environ['PATH']}"}

    done = subprocess.run(
        ["bash", "--norc", "-c", script],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=DEADLINE,
    )

    assert (done.stdout, done.stderr) == ("new\n", "")

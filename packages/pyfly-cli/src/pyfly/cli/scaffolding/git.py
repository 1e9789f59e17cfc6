# SPDX-License-Identifier: Apache-2.0
"""Put a new project under version control."""

import os
import shutil
import subprocess
from pathlib import Path

from pyfly.cli.scaffolding.errors import GitError

_LONGEST_STEP = 120.0
"""Seconds for one command of git; a commit may ask for a signature."""

# Set while git itself runs a command, such as a hook; they would lead to the repository of that command.
_OF_ANOTHER_REPOSITORY = frozenset(
    {
        "GIT_COMMON_DIR",
        "GIT_DIR",
        "GIT_INDEX_FILE",
        "GIT_NAMESPACE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_WORK_TREE",
    }
)


def find_git() -> str:
    """Return the path of git.

    Raises:
        GitError: There is none.
    """
    if git := shutil.which("git"):
        return git

    raise GitError("--git needs git, and there is none on the path.", "Install git, or leave out --git.")


def start_repository(git: str, folder: Path, message: str) -> None:
    """Make a folder a repository with one commit of all its files.

    Args:
        git: The path of git.
        folder: The folder.
        message: The message of the commit.

    Raises:
        GitError: Git refused; the error repeats what it said.
    """
    environment = {name: text for name, text in os.environ.items() if name not in _OF_ANOTHER_REPOSITORY}
    for step in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", message]):
        try:
            done = subprocess.run(
                [git, *step],
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                timeout=_LONGEST_STEP,
            )
        except subprocess.TimeoutExpired:
            raise GitError(
                f"git {step[0]} did not end within {_LONGEST_STEP:g} s.", "Leave out --git, and see why."
            ) from None

        if done.returncode:
            raise GitError(
                f"git {step[0]} failed:\n{done.stdout.strip()}", "Mend what it names, or leave out --git."
            )

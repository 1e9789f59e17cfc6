# SPDX-License-Identifier: Apache-2.0
"""Write a project as a whole, or not at all."""

import shutil
from collections.abc import Callable, Mapping
from os.path import lexists
from pathlib import Path, PurePosixPath
from tempfile import mkdtemp

from pyfly.cli.scaffolding.errors import CannotWriteError, TargetExistsError


def check_target(target: Path) -> None:
    """Refuse a place that is taken; an empty folder is not.

    Raises:
        TargetExistsError: There is something else.
        CannotWriteError: One may not look.
    """
    try:
        if not lexists(target):
            return

        empty = target.is_dir() and not target.is_symlink() and not any(target.iterdir())
    except OSError as error:
        raise CannotWriteError(target, error) from error

    if not empty:
        raise TargetExistsError(target)


def write_project(
    files: Mapping[PurePosixPath, str], target: Path, finish: Callable[[Path], None] | None = None
) -> None:
    """Write files into a folder beside the target, and move it there when all is done.

    Whatever goes wrong, an interruption included, leaves nothing behind.

    Args:
        files: The texts of the files by path in the project.
        target: Where the project goes.
        finish: Called with the folder before it is moved.

    Raises:
        TargetExistsError: The target is taken.
        CannotWriteError: The folder above the target is missing, or may not be written.
    """
    check_target(target)
    try:
        staging = Path(mkdtemp(prefix=f".{target.name}-", dir=target.parent))
        try:
            # mkdtemp makes a folder that is private; the project has the usual mode.
            project = staging / target.name
            project.mkdir()
            for path, text in files.items():
                file = project / path
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8", newline="\n")

            if finish is not None:
                finish(project)

            check_target(target)
            project.replace(target)
        finally:
            shutil.rmtree(staging)
    except OSError as error:
        raise CannotWriteError(target, error) from error

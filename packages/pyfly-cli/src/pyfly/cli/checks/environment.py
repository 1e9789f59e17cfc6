# SPDX-License-Identifier: Apache-2.0
"""Checks of Python, of the virtual environment, and of tools."""

import platform
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from pyfly.cli.checks.result import CheckResult
from pyfly.cli.distributions import pyfly_distributions
from pyfly.cli.installation import virtual_environment

_PYTHON = "Python"


def check_environment(directory: Path) -> Iterator[CheckResult]:
    """Look at what everything else runs on.

    Args:
        directory: The project's folder.
    """
    yield from _check_python(directory)
    yield _check_virtual_environment()
    yield _check_git()


def _check_python(directory: Path) -> Iterator[CheckResult]:
    version = platform.python_version()
    refused = False
    for owner, wanted in _wanted(directory):
        try:
            fits = SpecifierSet(wanted).contains(version, prereleases=True)
        except InvalidSpecifier:
            message = f"{owner} requires Python {wanted!r}, which is no version"
            yield CheckResult(_PYTHON, "warning", message, f"Correct requires-python of {owner}.")
            continue

        if not fits:
            refused = True
            advice = f"Run this with a Python {wanted}, in a virtual environment made by it."
            yield CheckResult(_PYTHON, "failure", f"{version}, but {owner} requires {wanted}", advice)

    if not refused:
        yield CheckResult(_PYTHON, "ok", f"{version} ({platform.python_implementation()})")


def _wanted(directory: Path) -> Iterator[tuple[str, str]]:
    for distribution in pyfly_distributions():
        for wanted in distribution.metadata.get_all("Requires-Python") or ():
            yield distribution.name, wanted

    try:
        project = tomllib.loads((directory / "pyproject.toml").read_text("utf-8")).get("project", {})
    except (OSError, ValueError):
        return

    if isinstance(wanted := project.get("requires-python"), str):
        yield "pyproject.toml", wanted


def _check_virtual_environment() -> CheckResult:
    if environment := virtual_environment():
        return CheckResult("Virtual environment", "ok", environment)

    return CheckResult(
        "Virtual environment",
        "warning",
        "none is active",
        "Make one for the project (python -m venv .venv), so that its packages do not mix with others.",
    )


def _check_git() -> CheckResult:
    if path := shutil.which("git"):
        return CheckResult("Git", "ok", path)

    return CheckResult(
        "Git", "warning", "not found", "Install it for pyfly new --git; nothing else needs it."
    )

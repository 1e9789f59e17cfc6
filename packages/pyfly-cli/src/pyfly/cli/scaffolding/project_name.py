# SPDX-License-Identifier: Apache-2.0
"""The names that a project and its package can have."""

import keyword
import re
import sys

from pyfly.cli.scaffolding.errors import InvalidNameError

LONGEST_NAME = 40
"""Characters of a name, so that the lines of the templates keep their length."""

# What projects import, or what their tools take for something else.
RESERVED = frozenset(
    {
        "anyio",
        "click",
        "conftest",
        "fastapi",
        "granian",
        "hatchling",
        "httpx",
        "hypercorn",
        "jinja2",
        "mypy",
        "pip",
        "pydantic",
        "pydantic_core",
        "pyfly",
        "pytest",
        "pytest_asyncio",
        "rich",
        "ruff",
        "setuptools",
        "src",
        "starlette",
        "structlog",
        "test",
        "tests",
        "typing_extensions",
        "uvicorn",
        "uvloop",
        "yaml",
    }
)

_PROJECT = re.compile(r"[a-zA-Z](?:[a-zA-Z0-9_-]*[a-zA-Z0-9])?", re.ASCII)
_PACKAGE = re.compile(r"[a-z](?:[a-z0-9_]*[a-z0-9])?", re.ASCII)


def check_project_name(name: str) -> None:
    """Refuse a name that a project cannot have.

    Raises:
        InvalidNameError: It is no name of a distribution, it is too long, or it is one of PyFly's.
    """
    if not _PROJECT.fullmatch(name):
        raise InvalidNameError(
            name,
            f"{name!r} cannot be the name of a project.",
            "It starts with a letter, ends with a letter or a digit, and has letters, digits, '-' and '_'.",
        )

    _check_length(name)
    normal = name.lower().replace("_", "-")
    if normal == "pyfly" or normal.startswith("pyfly-"):
        raise InvalidNameError(
            name,
            f"{name!r} conflicts with the distributions of PyFly, whose names start with 'pyfly'.",
            "Choose another name.",
        )


def package_name_of(name: str) -> str:
    """Return the name of the package of a project."""
    return name.lower().replace("-", "_")


def check_package_name(name: str) -> None:
    """Refuse a name that a package cannot have.

    Raises:
        InvalidNameError: It is no identifier in lower case, it is too long, a keyword, or the name of a
            module that projects need.
    """
    action = "Choose another name, or another package with --package."
    if not _PACKAGE.fullmatch(name):
        raise InvalidNameError(
            name,
            f"{name!r} cannot be the name of a package.",
            "It starts with a lower-case letter, and has lower-case letters, digits and '_', the last not at "
            "its end.",
        )

    _check_length(name)
    if keyword.iskeyword(name) or keyword.issoftkeyword(name):
        raise InvalidNameError(name, f"{name!r} is a keyword of Python.", action)

    if name in sys.stdlib_module_names:
        raise InvalidNameError(name, f"{name!r} conflicts with a module of Python's library.", action)

    if name in RESERVED:
        raise InvalidNameError(name, f"{name!r} conflicts with a module that the project needs.", action)


def _check_length(name: str) -> None:
    if len(name) > LONGEST_NAME:
        raise InvalidNameError(
            name,
            f"{name!r} has {len(name)} characters.",
            f"A name has at most {LONGEST_NAME}.",
        )

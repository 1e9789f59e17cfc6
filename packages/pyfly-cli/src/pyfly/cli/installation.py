# SPDX-License-Identifier: Apache-2.0
"""The facts of an installation, from the metadata of distributions; no library is imported for them."""

import os
import platform
import sys
from importlib.metadata import EntryPoint, PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any

from packaging.requirements import Requirement

from pyfly.cli.distributions import installed_distributions, normal, pyfly_distributions
from pyfly.cli.requirements import extras_of, unmet_requirements
from pyfly.kernel.entry_points import entry_points_of

# They need nothing but Python itself.
_OF_PYTHON = ("asyncio",)


def installation() -> dict[str, Any]:
    """Return what is installed, as ``pyfly info --json`` prints it."""
    return {
        "framework": {"name": "PyFly Framework", "version": version("pyfly-core")},
        "environment": {
            "python": platform.python_version(),
            "implementation": platform.python_implementation(),
            "platform": platform.platform(),
            "architecture": platform.machine(),
            "executable": sys.executable,
            "virtualEnvironment": virtual_environment(),
        },
        "distributions": [{"name": name, "version": found} for name, found in installed_distributions()],
        "extras": [{"name": name, "installed": installed} for name, installed in sorted(_extras().items())],
        "servers": _plugged_in("pyfly.servers"),
        "eventLoops": _plugged_in("pyfly.event_loops"),
        "webAdapters": _plugged_in("pyfly.web_adapters"),
    }


def virtual_environment() -> str | None:
    """Return the folder of the virtual environment that runs this, None when there is none."""
    if sys.prefix != sys.base_prefix:
        return sys.prefix

    return os.environ.get("CONDA_PREFIX")


def _extras() -> dict[str, bool]:
    """Return by name whether all of an extra is installed; those of ``pyfly`` itself have short names."""
    found: dict[str, bool] = {}
    for owner in pyfly_distributions():
        name = normal(owner.name)
        for extra in extras_of(owner):
            shown = extra if name == "pyfly" else f"{name}[{extra}]"
            found[shown] = next(unmet_requirements(owner, extra), None) is None

    return found


def _plugged_in(group: str) -> list[dict[str, Any]]:
    return [_facts(entry) for entry in entry_points_of(group)]


def _facts(entry: EntryPoint) -> dict[str, Any]:
    owner = entry.dist
    missing = not _has_library(entry)
    return {
        "name": entry.name,
        "distribution": None if owner is None else normal(owner.name),
        "version": None if missing else _version_of(entry),
        "available": not missing,
    }


def _has_library(entry: EntryPoint) -> bool:
    """Tell whether the library is there that an entry point is named after, where it is named after one."""
    if entry.name in _OF_PYTHON or find_spec(entry.name) is not None:
        return True

    required = map(Requirement, (entry.dist.requires if entry.dist else None) or ())
    return normal(entry.name) not in {normal(requirement.name) for requirement in required}


def _version_of(entry: EntryPoint) -> str | None:
    if entry.name in _OF_PYTHON:
        return platform.python_version()

    try:
        return version(entry.name)
    except PackageNotFoundError:
        return entry.dist.version if entry.dist else None

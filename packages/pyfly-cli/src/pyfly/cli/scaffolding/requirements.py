# SPDX-License-Identifier: Apache-2.0
"""What a project requires of PyFly."""

from collections.abc import Sequence
from importlib.metadata import version

from packaging.version import Version

from pyfly.cli.scaffolding.archetype import Archetype
from pyfly.cli.scaffolding.features import FEATURES, installed_version


def project_requirements(archetype: Archetype, features: Sequence[str]) -> list[str]:
    """Return requirements such as ``pyfly[web,granian,cli]>=0.1.0,<1``.

    The floor is the version that is installed beside the command, and the next major version is excluded.
    Where the umbrella itself is not installed, it has no floor.

    Args:
        archetype: The archetype of the project.
        features: The features of the project.
    """
    if archetype.umbrella:
        extras = ",".join(dict.fromkeys([*features, *archetype.extras]))
        floor = installed_version("pyfly")
        bound = f"<{_next_major(version('pyfly-core'))}" if floor is None else _range(floor)
        required = [(f"pyfly[{extras}]" if extras else "pyfly") + bound]
        return required + [name + _range(version(name)) for name in archetype.distributions]

    names = [*archetype.distributions, *(FEATURES[feature].distribution for feature in features)]
    return [name + _range(version(name)) for name in dict.fromkeys(names)]


def _range(installed: str) -> str:
    return f">={Version(installed).public},<{_next_major(installed)}"


def _next_major(installed: str) -> int:
    return Version(installed).major + 1

# SPDX-License-Identifier: Apache-2.0
"""What a project requires of PyFly."""

from collections.abc import Sequence

from packaging.version import Version

from pyfly.cli.scaffolding.archetype import Archetype
from pyfly.cli.scaffolding.features import installed_version


def project_requirements(archetype: Archetype, features: Sequence[str]) -> list[str]:
    """Return requirements such as ``pyfly[web,granian,cli]>=0.1.0,<1``.

    The floor is the version that is installed beside the command, and the next major version is excluded.
    Where the umbrella ``pyfly`` itself is not installed, any version of it will do.

    Args:
        archetype: The archetype of the project.
        features: The features of the project.
    """
    extras = ",".join(dict.fromkeys([*features, *archetype.extras]))
    umbrella = f"pyfly[{extras}]" if extras else "pyfly"
    return [
        umbrella + _range(installed_version("pyfly")),
        *(name + _range(installed_version(name)) for name in archetype.distributions),
    ]


def _range(version: str | None) -> str:
    if version is None:
        return ""

    installed = Version(version)
    return f">={installed.public},<{installed.major + 1}"

# SPDX-License-Identifier: Apache-2.0
"""What of PyFly is installed."""

from importlib.metadata import distributions


def installed_distributions() -> list[tuple[str, str]]:
    """Return the names and versions of the installed ``pyfly`` distributions, by name."""
    found: dict[str, str] = {}
    for distribution in distributions():
        name = distribution.name.lower().replace("_", "-")
        # The first one on the path is the one that is imported.
        if name == "pyfly" or name.startswith("pyfly-"):
            found.setdefault(name, distribution.version)

    return sorted(found.items())

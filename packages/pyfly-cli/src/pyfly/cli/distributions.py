# SPDX-License-Identifier: Apache-2.0
"""What of PyFly is installed."""

from importlib.metadata import Distribution, distributions


def pyfly_distributions() -> list[Distribution]:
    """Return the installed ``pyfly`` distributions, by name."""
    found: dict[str, Distribution] = {}
    for distribution in distributions():
        name = normal(distribution.name)
        # The first one on the path is the one that is imported.
        if name == "pyfly" or name.startswith("pyfly-"):
            found.setdefault(name, distribution)

    return [found[name] for name in sorted(found)]


def installed_distributions() -> list[tuple[str, str]]:
    """Return the names and versions of the installed ``pyfly`` distributions, by name."""
    return [(normal(distribution.name), distribution.version) for distribution in pyfly_distributions()]


def normal(name: str) -> str:
    """Return the name of a distribution as it is compared."""
    return "-".join(filter(None, name.lower().replace("_", "-").replace(".", "-").split("-")))

# SPDX-License-Identifier: Apache-2.0
"""What ``pyfly new --list`` shows."""

from typing import Any

from pyfly.cli.output import print_json, table
from pyfly.cli.scaffolding.archetypes import absent_archetypes, discover_archetypes
from pyfly.cli.scaffolding.choice import missing_distributions
from pyfly.cli.scaffolding.features import FEATURES, is_installed


def print_list(*, as_json: bool) -> None:
    """Print the archetypes and the features, and what is missing for them.

    Args:
        as_json: Whether to print JSON instead of tables.
    """
    archetypes, features = _archetypes(), _features()
    if as_json:
        print_json({"archetypes": archetypes, "features": features})
        return

    table(
        "Archetypes",
        ("Name", "What it is", "Features", "Note"),
        [
            (one["name"], one["description"], " ".join(one["features"]), _note(one["missing"]))
            for one in archetypes
        ],
    )
    table(
        "Features",
        ("Name", "What it brings", "Note"),
        [(one["name"], one["details"], _note(one["missing"])) for one in features],
    )


def _archetypes() -> list[dict[str, Any]]:
    present = [
        {
            "name": name,
            "description": archetype.description,
            "details": archetype.details,
            "features": list(archetype.features),
            "default_features": list(archetype.default_features),
            "missing": missing_distributions(archetype),
        }
        for name, archetype in discover_archetypes().items()
    ]
    absent = [
        {
            "name": name,
            "description": description,
            "details": "",
            "features": [],
            "default_features": [],
            "missing": [distribution],
        }
        for name, (description, distribution) in absent_archetypes().items()
    ]
    return present + absent


def _features() -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "group": feature.group,
            "details": feature.details,
            "distribution": feature.distribution,
            "missing": [] if is_installed(feature.distribution) else [feature.distribution],
        }
        for name, feature in FEATURES.items()
    ]


def _note(missing: list[str]) -> str:
    if not missing:
        return ""

    return f"needs {', '.join(missing)}, which {'is' if len(missing) == 1 else 'are'} not installed"

# SPDX-License-Identifier: Apache-2.0
"""Active profiles and sources of settings, as the actuator tells them and as a table."""

from collections.abc import Mapping
from typing import Any

import click

from pyfly.cli.inspection.folder import Folder
from pyfly.cli.inspection.value_text import value_text
from pyfly.cli.output import table


def env_payload(folder: Folder) -> dict[str, Any]:
    """Return the active profiles and the sources of settings, the highest first, secrets hidden."""
    config = folder.config
    return {"activeProfiles": config.active_profiles, "propertySources": config.property_sources()}


def show_env(payload: Mapping[str, Any]) -> None:
    """Print the active profiles, and one row for each property of each source."""
    click.echo(f"Active profiles: {', '.join(payload['activeProfiles']) or 'none'}")
    table(
        None,
        ["Source", "Property", "Value", "Origin"],
        [
            (source["name"], key, value_text(entry["value"]), _origin(entry, source["name"]))
            for source in payload["propertySources"]
            for key, entry in source["properties"].items()
        ],
    )


def _origin(entry: Mapping[str, Any], source: str) -> str:
    # What only repeats the source is no news.
    origin = str(entry.get("origin") or "")
    return "" if origin == source else origin.removeprefix(f"{source}, ")

# SPDX-License-Identifier: Apache-2.0
"""The archetypes: those of this distribution, and those that other ones bring."""

from pathlib import Path

import click

from pyfly.cli.scaffolding.archetype import Archetype
from pyfly.cli.scaffolding.errors import NotInstalledError, UnknownArchetypeError
from pyfly.cli.scaffolding.features import SERVERS

ARCHETYPES_GROUP = "pyfly.cli_archetypes"
TEMPLATES = Path(__file__).parents[1] / "templates"

ARCHETYPES = {
    "web-api": Archetype(
        description="An HTTP service",
        details="A list of todos: controller, service, repository behind a port, OpenAPI, tests, Dockerfile",
        templates=TEMPLATES / "web-api",
        features=("web", "fastapi", *SERVERS, "structlog"),
        default_features=("web", "granian"),
        one_of=(("web", "fastapi"), SERVERS),
        extras=("cli",),
        first_commands=(".venv/bin/pyfly run --reload",),
    ),
    "library": Archetype(
        description="A library that joins applications by itself",
        details="A port with its default, settings, an auto-configuration, tests",
        templates=TEMPLATES / "library",
        features=("validation",),
        umbrella=False,
        distributions=("pyfly-core",),
        first_commands=(".venv/bin/pytest",),
    ),
    "cli": Archetype(
        description="A command-line program",
        details="A command with a service behind it and settings, tests, Dockerfile",
        templates=TEMPLATES / "cli",
        features=("validation",),
        first_commands=(".venv/bin/python -m {{ package }}.main hello Ada",),
    ),
}

# Kinds of projects that a distribution brings when it is installed.
BROUGHT_BY = {"messaging": ("A service that handles messages", "pyfly-messaging")}

ARCHETYPE_DESCRIPTIONS = {name: archetype.description for name, archetype in ARCHETYPES.items()}
ARCHETYPE_DETAILS = {name: archetype.details for name, archetype in ARCHETYPES.items()}
DEFAULT_FEATURES = {name: list(archetype.default_features) for name, archetype in ARCHETYPES.items()}


def discover_archetypes() -> dict[str, Archetype]:
    """Return the archetypes by name: those of this distribution, then the others in order.

    One that cannot be loaded, or is no `Archetype`, is named on standard error and left out. None can replace
    those of this distribution.
    """
    from pyfly.kernel.entry_points import entry_points_of

    found = dict(ARCHETYPES)
    for entry in entry_points_of(ARCHETYPES_GROUP):
        try:
            archetype = entry.load()
        except Exception as error:
            _warn(f"archetype {entry.name!r} ({entry.value}) cannot be loaded: {error!r}")
            continue

        if isinstance(archetype, Archetype):
            found.setdefault(entry.name, archetype)
        else:
            _warn(f"{entry.value}, named {entry.name!r}, is not an Archetype.")

    return found


def absent_archetypes() -> dict[str, tuple[str, str]]:
    """Return description and distribution of the archetypes that another distribution would bring."""
    present = discover_archetypes()
    return {name: brought for name, brought in BROUGHT_BY.items() if name not in present}


def find_archetype(name: str) -> Archetype:
    """Return the archetype of a name.

    Raises:
        NotInstalledError: The distribution that brings it is not installed.
        UnknownArchetypeError: There is no such archetype.
    """
    archetypes = discover_archetypes()
    if name in archetypes:
        return archetypes[name]

    if name in BROUGHT_BY:
        _, distribution = BROUGHT_BY[name]
        raise NotInstalledError(f"The archetype {name}", [distribution])

    raise UnknownArchetypeError(name, list(archetypes))


def _warn(text: str) -> None:
    click.echo(f"Warning: {text}", err=True)

# SPDX-License-Identifier: Apache-2.0
"""Ask for what the command line leaves open."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import click

from pyfly.cli.scaffolding.archetype import Archetype
from pyfly.cli.scaffolding.archetypes import discover_archetypes, find_archetype
from pyfly.cli.scaffolding.choice import choose_features, missing_distributions, split_features
from pyfly.cli.scaffolding.errors import ScaffoldingError
from pyfly.cli.scaffolding.features import FEATURES, is_installed
from pyfly.cli.scaffolding.project_name import check_package_name, check_project_name, package_name_of
from pyfly.cli.scaffolding.writing import check_target

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Answers:
    """What a project is to be.

    Attributes:
        name: Its name.
        package: The name of its package.
        archetype: The name of its archetype.
        features: Its features.
    """

    name: str
    package: str
    archetype: str
    features: tuple[str, ...]


def ask(
    directory: Path, *, package: str | None, archetype: str | None, features: list[str] | None
) -> Answers | None:
    """Ask on the terminal, again where an answer will not do.

    Args:
        directory: The folder that the project's folder goes into.
        package: The package, if that is decided.
        archetype: The archetype, if that is decided.
        features: The features, if these are decided.

    Returns:
        The answers; None if there is to be no project.

    Raises:
        ScaffoldingError: What is decided will not do.
        click.Abort: Ctrl-C was pressed.
    """

    def project_name(text: str) -> str:
        check_project_name(text)
        check_target(directory / text)
        return text

    def package_name(text: str) -> str:
        check_package_name(text)
        return text

    if archetype is not None:
        find_archetype(archetype)

    name = _prompt("Project name", project_name)
    if package is None:
        package = _prompt("Package name", package_name, default=package_name_of(name))

    if archetype is None:
        archetype = _ask_archetype()

    chosen = _ask_features(archetype, features)
    click.echo(f"\n{name}: {archetype}, package {package}, features: {', '.join(chosen) or 'none'}")
    if not click.confirm(f"Create it in {directory / name}?", default=True):
        return None

    return Answers(name, package, archetype, chosen)


def _ask_archetype() -> str:
    archetypes = discover_archetypes()
    for name, archetype in archetypes.items():
        missing = missing_distributions(archetype)
        lack = f" (needs {', '.join(missing)})" if missing else ""
        click.echo(f"  {name:<10} {archetype.description}{lack}")

    def usable(text: str) -> str:
        choose_features(text, find_archetype(text), None)
        return text

    return _prompt("Archetype", usable, default=next(iter(archetypes)))


def _ask_features(name: str, features: list[str] | None) -> tuple[str, ...]:
    archetype = find_archetype(name)
    offered = _offered(archetype)
    if features is not None or not offered:
        return choose_features(name, archetype, features)

    for feature in offered:
        click.echo(f"  {feature:<10} {FEATURES[feature].details}")

    def suitable(text: str) -> tuple[str, ...]:
        return choose_features(name, archetype, split_features(text))

    usual = ",".join(choose_features(name, archetype, None)) or "none"
    return _prompt("Features, separated by commas", suitable, default=usual)


def _offered(archetype: Archetype) -> list[str]:
    return [feature for feature in archetype.features if is_installed(FEATURES[feature].distribution)]


def _prompt(question: str, check: Callable[[str], Answer], default: str | None = None) -> Answer:
    def checked(text: str) -> Answer:
        try:
            return check(text.strip())
        except ScaffoldingError as error:
            raise click.UsageError(str(error)) from error  # click shows it, and asks again

    answer: Answer = click.prompt(question, default=default, value_proc=checked)
    return answer

# SPDX-License-Identifier: Apache-2.0
"""The command ``pyfly new``."""

import os
import shlex
import sys
from pathlib import Path

import click
from click.shell_completion import CompletionItem


def _archetype_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from pyfly.cli.scaffolding.archetypes import discover_archetypes

    return [
        CompletionItem(name, help=archetype.description)
        for name, archetype in discover_archetypes().items()
        if name.startswith(incomplete)
    ]


def _feature_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    from pyfly.cli.scaffolding.features import FEATURES

    before, comma, start = incomplete.rpartition(",")
    return [
        CompletionItem(f"{before}{comma}{name}", help=feature.details)
        for name, feature in FEATURES.items()
        if name.startswith(start) and name not in before.split(",")
    ]


@click.command("new")
@click.argument("name", required=False)
@click.option(
    "--archetype",
    metavar="NAME",
    shell_complete=_archetype_names,
    help="The kind of project.  [default: web-api]",
)
@click.option(
    "--features",
    metavar="A,B",
    shell_complete=_feature_names,
    help="What it is built with; 'none' for nothing more than it needs.  [default: depends on the archetype]",
)
@click.option("--package", metavar="NAME", help="The package.  [default: the project's name in lower case]")
@click.option(
    "--directory",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=".",
    show_default=True,
    help="The folder that the project's folder goes into.",
)
@click.option("--git", is_flag=True, help="Make it a git repository with one commit.")
@click.option("--no-input", is_flag=True, help="Ask nothing.")
@click.option("--list", "listed", is_flag=True, help="Show archetypes and features, and make nothing.")
@click.option("--json", "as_json", is_flag=True, help="With --list: show them as JSON.")
def new_command(
    name: str | None,
    archetype: str | None,
    features: str | None,
    package: str | None,
    directory: Path,
    git: bool,
    no_input: bool,
    listed: bool,
    as_json: bool,
) -> None:
    """Make a project.

    Without NAME, the command asks for everything that the options leave open.
    """
    if as_json and not listed:
        raise click.UsageError("--json goes together with --list.")

    # Imported late: `pyfly --help` needs none of it.
    from pyfly.cli.scaffolding.choice import split_features

    if listed:
        from pyfly.cli.scaffolding.listing import print_list

        print_list(as_json=as_json)
        return

    wanted = None if features is None else split_features(features)
    if name is not None:
        _make(name, directory, archetype or "web-api", wanted, package, git=git)
        return

    if no_input or not sys.stdin.isatty():
        from pyfly.cli.scaffolding.errors import ScaffoldingError

        raise ScaffoldingError("The project has no name.", "Give it one: pyfly new NAME.")

    from pyfly.cli.scaffolding.git import find_git
    from pyfly.cli.scaffolding.wizard import ask

    if git:
        find_git()

    try:
        answers = ask(directory, package=package, archetype=archetype, features=wanted)
    except click.Abort:
        click.echo()
        answers = None

    if answers is None:
        click.echo("Nothing was written.")
        return

    _make(answers.name, directory, answers.archetype, answers.features, answers.package, git=git)


def _make(
    name: str,
    directory: Path,
    archetype: str,
    features: list[str] | tuple[str, ...] | None,
    package: str | None,
    *,
    git: bool,
) -> None:
    from pyfly.cli.output import note, success
    from pyfly.cli.scaffolding.features import FEATURE_TIPS
    from pyfly.cli.scaffolding.project import generate_project

    project = generate_project(name, directory / name, archetype, features, package, git=git)
    added = [feature for feature in project.features if features is not None and feature not in features]
    if added:
        note(f"Added, since {archetype} cannot be without: {', '.join(added)}")

    success(f"Created {project.path}")
    commands = [f"cd {shlex.quote(os.path.relpath(project.path))}", *project.next_commands]
    click.echo("\n".join(["Next steps:", *(f"  {command}" for command in commands)]))
    if tips := [FEATURE_TIPS[feature] for feature in project.features if feature in FEATURE_TIPS]:
        click.echo("\n".join(["", "Good to know:", *(f"  {tip}" for tip in tips)]))

# SPDX-License-Identifier: Apache-2.0
"""Make a project."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pyfly.cli.scaffolding.archetypes import find_archetype
from pyfly.cli.scaffolding.choice import choose_features
from pyfly.cli.scaffolding.git import find_git, start_repository
from pyfly.cli.scaffolding.project_name import check_package_name, check_project_name, package_name_of
from pyfly.cli.scaffolding.requirements import project_requirements
from pyfly.cli.scaffolding.writing import check_target, write_project


@dataclass(frozen=True, slots=True)
class GeneratedProject:
    """A project that was made.

    Attributes:
        path: Its folder.
        package: The name of its package.
        features: Its features.
        next_commands: What to type next, in its folder.
    """

    path: Path
    package: str
    features: tuple[str, ...]
    next_commands: tuple[str, ...]


def generate_project(
    name: str,
    project_dir: Path,
    archetype: str,
    features: Sequence[str] | None,
    package_name: str | None = None,
    *,
    git: bool = False,
) -> GeneratedProject:
    """Make a project. It is written as a whole, or not at all.

    Args:
        name: The project's name.
        project_dir: Its folder: a new one, or an empty one.
        archetype: The name of its archetype.
        features: The names of its features; what the archetype cannot be without is added. None for the usual
            ones, as far as they are installed.
        package_name: The name of its package; None for the project's, in lower case.
        git: Whether it becomes a git repository with one commit.

    Raises:
        ScaffoldingError: A name cannot be used, something is not installed, the folder is taken or cannot be
            written, or git refused.
    """
    # Rendering is the only use of Jinja, which takes a while to import.
    from pyfly.cli.scaffolding.rendering import render_commands, render_files

    check_project_name(name)
    package = package_name_of(name) if package_name is None else package_name
    check_package_name(package)
    kind = find_archetype(archetype)
    chosen = choose_features(archetype, kind, features)
    target = project_dir.absolute()
    check_target(target)
    finish = partial(start_repository, find_git(), message=f"Start {name}") if git else None

    values = {
        "name": name,
        "package": package,
        "archetype": archetype,
        "features": chosen,
        "requirements": project_requirements(kind, chosen),
    }
    files = render_files(kind.templates, values)
    next_commands = render_commands(kind.first_commands, values)
    write_project(files, target, finish)
    return GeneratedProject(target, package, chosen, next_commands)

# SPDX-License-Identifier: Apache-2.0
"""Turn templates into the files of a project."""

from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined

SHARED = Path(__file__).parents[1] / "templates" / "shared"
"""What templates of all archetypes include as ``shared/<name>``."""

SET_UP = "shared/set_up.sh"
"""The commands that install a project into its own environment."""

PACKAGE = "__package__"
SUFFIX = ".jinja"


def render_files(folder: Path, values: Mapping[str, object]) -> dict[PurePosixPath, str]:
    """Render the templates of a folder.

    Args:
        folder: Files named ``<file>.jinja``; anything else is left alone.
        values: What the templates may name; ``package`` also takes the place of ``__package__`` in paths.

    Returns:
        The texts of the files by path in the project.

    Raises:
        jinja2.TemplateError: A template is wrong, or names something that is not there.
    """
    environment = _environment(folder)
    files: dict[PurePosixPath, str] = {}
    for template in sorted(folder.rglob(f"*{SUFFIX}")):
        name = template.relative_to(folder).as_posix()
        parts = PurePosixPath(name.removesuffix(SUFFIX)).parts
        path = PurePosixPath(*(str(values["package"]) if part == PACKAGE else part for part in parts))
        files[path] = environment.get_template(name).render(values)

    return files


def render_commands(templates: Sequence[str], values: Mapping[str, object]) -> tuple[str, ...]:
    """Render commands: those that set a project up, then the given ones.

    Args:
        templates: The templates of the commands, each one line.
        values: What they may name.
    """
    environment = _environment(SHARED)
    set_up = environment.get_template(SET_UP).render(values).splitlines()
    return (*set_up, *(environment.from_string(line).render(values) for line in templates))


def _environment(folder: Path) -> Environment:
    shared = PrefixLoader({"shared": FileSystemLoader(SHARED)})
    return Environment(
        loader=ChoiceLoader([FileSystemLoader(folder), shared]),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )

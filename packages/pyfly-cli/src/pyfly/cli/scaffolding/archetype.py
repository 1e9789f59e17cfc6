# SPDX-License-Identifier: Apache-2.0
"""A kind of project that ``pyfly new`` can make."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Archetype:
    """What projects of one kind have in common.

    A distribution offers one by naming it in the entry-point group ``pyfly.cli_archetypes``.

    Attributes:
        description: What such a project is, in a few words.
        details: What is in it, in one line.
        templates: The folder of the templates: files of Jinja named ``<file>.jinja``, in the folders of the
            project. ``__package__`` in a path stands for the project's package.
        features: The features that a project may have, by name.
        default_features: Those that it has unless told otherwise.
        one_of: Groups of features; a project has at least one of each, the first one that is installed unless
            told otherwise.
        umbrella: Whether a project requires the distribution ``pyfly`` with its features as extras, as
            applications do; else it requires the distributions of its features, as libraries do.
        extras: Extras of ``pyfly`` that each project requires, besides its features.
        distributions: Further distributions that each project requires; they have to be installed beside the
            command.
        first_commands: Templates of the commands that show the project at work, once it is installed in
            ``.venv``.
    """

    description: str
    details: str
    templates: Path
    features: tuple[str, ...] = ()
    default_features: tuple[str, ...] = ()
    one_of: tuple[tuple[str, ...], ...] = ()
    umbrella: bool = True
    extras: tuple[str, ...] = ()
    distributions: tuple[str, ...] = ()
    first_commands: tuple[str, ...] = ()

# SPDX-License-Identifier: Apache-2.0
"""Why a project is not made, and what to do about it."""

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path


class ScaffoldingError(Exception):
    """Report that a project cannot be made. Nothing has been written.

    Attributes:
        description: What is wrong, and where.
        action: What to do about it.
    """

    def __init__(self, description: str, action: str) -> None:
        super().__init__(f"{description} {action}")
        self.description = description
        self.action = action


class InvalidNameError(ScaffoldingError):
    """Report a name that a project or a package cannot have.

    Attributes:
        name: The name.
    """

    def __init__(self, name: str, reason: str, action: str) -> None:
        super().__init__(reason, action)
        self.name = name


class TargetExistsError(ScaffoldingError):
    """Report that there is something where the project would go.

    Attributes:
        path: Where that is.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} already exists.", "Choose another name or another --directory.")
        self.path = path


class CannotWriteError(ScaffoldingError):
    """Report that the project cannot be written.

    Attributes:
        path: Where the project would go.
    """

    def __init__(self, path: Path, error: OSError) -> None:
        reason = error.strerror or str(error)
        super().__init__(f"{path} cannot be written: {reason}.", "Choose another --directory.")
        self.path = path


class UnknownArchetypeError(ScaffoldingError):
    """Report an archetype that does not exist.

    Attributes:
        archetype: The name asked for.
        available: The names that exist.
    """

    def __init__(self, archetype: str, available: Sequence[str]) -> None:
        similar = get_close_matches(archetype, available, 1)
        hint = f", did you mean {similar[0]}?" if similar else "."
        super().__init__(f"There is no archetype {archetype!r}{hint}", f"Use one of: {', '.join(available)}.")
        self.archetype = archetype
        self.available = tuple(available)


class UnknownFeaturesError(ScaffoldingError):
    """Report features that do not exist.

    Attributes:
        unknown: The names asked for.
        available: The names that exist.
    """

    def __init__(self, unknown: Sequence[str], available: Sequence[str]) -> None:
        super().__init__(f"Unknown features: {', '.join(unknown)}.", f"Use some of: {', '.join(available)}.")
        self.unknown = tuple(unknown)
        self.available = tuple(available)


class UnsuitableFeaturesError(ScaffoldingError):
    """Report features that an archetype has no use for.

    Attributes:
        unsuitable: The names asked for.
        archetype: The archetype.
        offered: The features of the archetype.
    """

    def __init__(self, unsuitable: Sequence[str], archetype: str, offered: Sequence[str]) -> None:
        known = f"Use some of: {', '.join(offered)}." if offered else "Leave out --features."
        super().__init__(f"{archetype} has no use for {', '.join(unsuitable)}.", known)
        self.unsuitable = tuple(unsuitable)
        self.archetype = archetype
        self.offered = tuple(offered)


class NotInstalledError(ScaffoldingError):
    """Report that a project needs distributions that are not installed beside the command.

    Attributes:
        distributions: The distributions.
    """

    def __init__(self, what: str, distributions: Sequence[str]) -> None:
        lack = f"{', '.join(distributions)}, which {'is' if len(distributions) == 1 else 'are'} not installed"
        super().__init__(f"{what} needs {lack}.", f"Install what is missing: {install_line(distributions)}")
        self.distributions = tuple(distributions)


class GitError(ScaffoldingError):
    """Report that there is no git, or that it refused to start the repository."""


def install_line(distributions: Sequence[str]) -> str:
    """Return the command that installs distributions beside the running one."""
    return f"pip install {' '.join(distributions)}"

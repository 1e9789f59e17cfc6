# SPDX-License-Identifier: Apache-2.0
"""Documents within a file, and the profiles under which they apply."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from pyfly.config._sources.activation import activation_of
from pyfly.config._sources.profile_expression import Matcher
from pyfly.config._sources.profiles import ACTIVE, GROUPS
from pyfly.config._sources.source import Source
from pyfly.config._tree import expand
from pyfly.config.errors import ConfigurationError, MalformedSourceError, ProfileError


class FileDocument(NamedTuple):
    """One document of a file.

    Attributes:
        source: Its settings.
        condition: Tells by the active profiles whether it applies; None when it always does.
    """

    source: Source
    condition: Matcher | None


def document_of(
    path: str, number: int, data: Any, lines: Mapping[str, int], profile: str | None = None
) -> FileDocument:
    """Make a document of what was read.

    Args:
        path: The file.
        number: Which document of the file it is, counted from 1.
        data: What was read.
        lines: Line of each key, by canonical dotted key.
        profile: The profile that the file belongs to by its name.

    Raises:
        MalformedSourceError: If it is no mapping.
        ProfileError: If it sets for a profile what no profile can set.
        ActivationError: If nobody can tell when it applies.
    """
    if not isinstance(data, Mapping):
        kind = "a list" if isinstance(data, list) else f"the value {data!r}"
        reason = f"expected settings as 'key: value', got {kind}"
        raise MalformedSourceError(path, reason, lines.get("", 1), 1)

    try:
        tree = expand(data)
    except ConfigurationError as error:
        raise MalformedSourceError(path, str(error)) from error

    activation = activation_of(tree, path, lines)
    parts = [f"profile: {profile}"] if profile is not None else []
    parts += [f"document {number}"] if number > 1 else []
    parts += [f"profile: {activation.shown}"] if activation else []
    name = f"{path} ({', '.join(parts)})" if parts else path
    source = Source(name, activation.rest if activation else tree, lines=lines, file=path)
    if profile is not None or activation:
        _refuse_profiles(source)

    return FileDocument(source, activation.condition if activation else None)


def applied(documents: Iterable[FileDocument], active: Collection[str]) -> tuple[Source, ...]:
    """Return what applies of a file's documents, lowest first.

    Args:
        documents: The documents, in the order of the file.
        active: The active profiles; ``default`` stands for none.
    """
    always: list[Source] = []
    sometimes: list[Source] = []
    for source, condition in documents:
        if condition is None:
            always.append(source)
        elif condition(active or ("default",)):
            sometimes.append(source)

    return (*always, *sometimes)


def _refuse_profiles(source: Source) -> None:
    index = source.index()
    for key in (ACTIVE, GROUPS):
        if key in index:
            place = source.place(key)
            raise ProfileError(f"{place}: {key} cannot be set for a profile, which is active already")

# SPDX-License-Identifier: Apache-2.0
"""Which features a project gets."""

from collections.abc import Iterator, Sequence

from pyfly.cli.scaffolding.archetype import Archetype
from pyfly.cli.scaffolding.errors import NotInstalledError, UnknownFeaturesError, UnsuitableFeaturesError
from pyfly.cli.scaffolding.features import AVAILABLE_FEATURES, FEATURES, is_installed


def split_features(text: str) -> list[str]:
    """Return the names in a list that is separated by commas; ``none`` is the empty list."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    return [] if names == ["none"] else names


def choose_features(name: str, archetype: Archetype, wanted: Sequence[str] | None) -> tuple[str, ...]:
    """Return the features of a project, in the order asked for; what it cannot be without comes last.

    Args:
        name: The archetype's name.
        archetype: The archetype.
        wanted: The features asked for; None for the usual ones, as far as they are installed.

    Raises:
        UnknownFeaturesError: A feature does not exist.
        UnsuitableFeaturesError: The archetype has no use for a feature.
        NotInstalledError: The distribution of a feature is not installed.
    """
    chosen = _usual(archetype) if wanted is None else tuple(dict.fromkeys(wanted))
    if unknown := [feature for feature in chosen if feature not in FEATURES]:
        raise UnknownFeaturesError(unknown, AVAILABLE_FEATURES)

    if unsuitable := [feature for feature in chosen if feature not in archetype.features]:
        raise UnsuitableFeaturesError(unsuitable, name, archetype.features)

    if absent := [feature for feature in chosen if not is_installed(FEATURES[feature].distribution)]:
        what = f"The feature {absent[0]}" if len(absent) == 1 else f"Each of the features {', '.join(absent)}"
        raise NotInstalledError(what, [FEATURES[feature].distribution for feature in absent])

    if lacking := missing_distributions(archetype, chosen):
        raise NotInstalledError(f"The archetype {name}", lacking)

    return (*chosen, *(feature for group in _open_groups(archetype, chosen) for feature in _first(group)))


def missing_distributions(archetype: Archetype, chosen: Sequence[str] = ()) -> list[str]:
    """Return what has to be installed before a project of an archetype can be made with some features."""
    missing = [distribution for distribution in archetype.distributions if not is_installed(distribution)]
    for group in _open_groups(archetype, chosen):
        if not _first(group):
            missing.append(FEATURES[group[0]].distribution)

    return missing


def _usual(archetype: Archetype) -> tuple[str, ...]:
    return tuple(
        feature for feature in archetype.default_features if is_installed(FEATURES[feature].distribution)
    )


def _open_groups(archetype: Archetype, chosen: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return (group for group in archetype.one_of if not set(group) & set(chosen))


def _first(group: tuple[str, ...]) -> list[str]:
    return [feature for feature in group if is_installed(FEATURES[feature].distribution)][:1]

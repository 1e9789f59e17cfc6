# SPDX-License-Identifier: Apache-2.0
"""What distributions require, and whether it is installed."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import Requirement


@dataclass(frozen=True, slots=True)
class Unmet:
    """A requirement that the environment does not meet.

    Attributes:
        by: The distribution that requires something, with its extra where that is the reason.
        requirement: What it requires, such as ``click>=8.2``.
        installed: The version that is installed, None when there is none.
    """

    by: str
    requirement: str
    installed: str | None


def unmet_requirements(owner: Distribution, extra: str = "") -> Iterator[Unmet]:
    """Return what of the requirements of a distribution is not met, those of requested extras included.

    Args:
        owner: The distribution.
        extra: The extra whose requirements are looked at; without one, those of the distribution itself.
    """
    yield from _unmet(owner, extra, set())


def extras_of(owner: Distribution) -> list[str]:
    """Return the names of the extras of a distribution, in order."""
    return sorted(owner.metadata.get_all("Provides-Extra") or ())


def _unmet(owner: Distribution, extra: str, seen: set[tuple[str, str]]) -> Iterator[Unmet]:
    if (owner.name, extra) in seen:
        return

    seen.add((owner.name, extra))
    by = f"{owner.name}[{extra}]" if extra else owner.name
    for text in owner.requires or ():
        requirement = Requirement(text)
        if not _concerns(requirement, extra):
            continue

        try:
            found = distribution(requirement.name)
        except PackageNotFoundError:
            yield Unmet(by, _shown(requirement), None)
            continue

        if not requirement.specifier.contains(found.version, prereleases=True):
            yield Unmet(by, _shown(requirement), found.version)

        for further in sorted(requirement.extras):
            yield from _unmet(found, further, seen)


def _concerns(requirement: Requirement, extra: str) -> bool:
    marker = requirement.marker
    if marker is None:
        return not extra

    return marker.evaluate({"extra": extra}) and not (extra and marker.evaluate({"extra": ""}))


def _shown(requirement: Requirement) -> str:
    extras = f"[{','.join(sorted(requirement.extras))}]" if requirement.extras else ""
    return f"{requirement.name}{extras}{requirement.specifier}"

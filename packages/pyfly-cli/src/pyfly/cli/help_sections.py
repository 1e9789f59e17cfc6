# SPDX-License-Identifier: Apache-2.0
"""The order in which ``pyfly --help`` lists the commands."""

from collections.abc import Iterable, Iterator

_SECTIONS = {
    "Run": ("run",),
    "Look into an application": (
        "routes",
        "beans",
        "conditions",
        "config",
        "env",
        "health",
        "metrics",
        "actuator",
        "openapi",
        "shell",
    ),
    "Make a project": ("new", "generate", "features", "add", "remove"),
    "This installation": ("doctor", "info", "completion", "upgrade", "plugins", "license", "sbom"),
}
_OTHERS = "More commands"


def sections_of(names: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Return the titles of the sections with their commands, none of them empty.

    Args:
        names: The names of all commands; those that no section knows come last, by name.
    """
    rest = set(names)
    for title, known in _SECTIONS.items():
        if present := [name for name in known if name in rest]:
            rest.difference_update(present)
            yield title, present

    if rest:
        yield _OTHERS, sorted(rest)

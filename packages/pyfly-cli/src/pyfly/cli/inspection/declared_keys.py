# SPDX-License-Identifier: Apache-2.0
"""The reference of declared keys as a table."""

from collections.abc import Iterable

from pyfly.cli.output import table
from pyfly.config.metadata import KeyMetadata


def show_keys(keys: Iterable[KeyMetadata]) -> None:
    """Print one row for each key."""
    table(
        None,
        ["Key", "Type", "Default", "Meaning"],
        [
            (key.key, ", ".join(key.choices) or key.type, key.default, _meaning(key))
            for key in sorted(keys, key=lambda key: key.key)
        ],
    )


def _meaning(key: KeyMetadata) -> str:
    notes = [key.description.replace("``", "")]
    if key.constraints:
        notes.append(f"It is {', '.join(key.constraints)}.")

    if key.required:
        notes.append("Required.")

    for alias in key.aliases:
        notes.append(f"{alias.key} is {'an old name' if alias.deprecated else 'another name'} of it.")

    return " ".join(note for note in notes if note)

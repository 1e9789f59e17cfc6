# SPDX-License-Identifier: Apache-2.0
"""A contender: how it does each of the jobs."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Protocol

from benchmarks.statements import Statement


class Role(Enum):
    """What a contender's figures are for."""

    OURS = "ours"
    CONTROL = "control"
    PEER = "peer"
    EXTRA = "shown only"
    FLOOR = "floor"


@dataclass(frozen=True, slots=True)
class Contender:
    """One line of each table.

    Args:
        name: As it is shown.
        role: What its figures are for.
        jobs: What to time, by job; the text assigns its outcome to ``result``. What is left out is not
            measured.
        note: Which way of the product is used, and why this one.
    """

    name: str
    role: Role
    jobs: Mapping[str, Statement] = field(default_factory=dict)
    note: str = ""


class Playing(Protocol):
    """Something with a name and a role."""

    @property
    def name(self) -> str: ...

    @property
    def role(self) -> Role: ...


def names_by_role(contenders: Iterable[Playing]) -> dict[Role, list[str]]:
    """Sort the names of contenders by what their figures are for; a role that nobody has is empty."""
    names: dict[Role, list[str]] = {role: [] for role in Role}
    for it in contenders:
        names[it.role].append(it.name)

    return names

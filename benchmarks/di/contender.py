# SPDX-License-Identifier: Apache-2.0
"""A contender: how it does each of the jobs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

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

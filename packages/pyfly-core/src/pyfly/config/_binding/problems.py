# SPDX-License-Identifier: Apache-2.0
"""What has gone wrong while values were bound, and how values show in it."""

from collections.abc import Mapping
from typing import Any

from pyfly.config._masking import MASK, mask_value
from pyfly.config._placeholders import references
from pyfly.config.errors import BindingProblem

_LONGEST = 200


class Problems:
    """The problems of one binding, and the secrets that no text about them may hold.

    ``cause`` is the error of a library behind them.
    """

    __slots__ = ("_secrets", "cause", "found")

    def __init__(self, secrets: set[str] | None = None) -> None:
        self.found: list[BindingProblem] = []
        self.cause: Exception | None = None
        self._secrets: set[str] = set() if secrets is None else secrets

    def trial(self) -> "Problems":
        """Return an empty collection that knows the same secrets."""
        return Problems(self._secrets)

    def add(self, problem: BindingProblem, cause: Exception | None = None) -> None:
        self.found.append(problem)
        self.cause = self.cause or cause

    def hide(self, text: str) -> None:
        """Keep a text out of everything that others say."""
        if text:
            self._secrets.add(text)

    def is_clean(self, text: str) -> bool:
        """Tell whether a text holds no secret."""
        return not any(secret in text for secret in self._secrets)


def shown(key: str, value: Any, *, secret: bool = False) -> str:
    """Return a value as a problem shows it: a kind where it has parts, and nothing that is secret."""
    if value is None:
        return "null"

    if isinstance(value, Mapping):
        return "a mapping"

    if isinstance(value, list | tuple | set | frozenset):
        return f"a list of {count(len(value), 'item', 'items')}"

    # The key of a single value is the text that asks for it, such as `${db.password}`.
    keys = references(key) or (key,)
    hidden = secret or any(mask_value(each, "") == MASK for each in keys)
    text = repr(MASK if hidden else mask_value(key, value))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def count(number: int, one: str, many: str) -> str:
    """Return a number with its noun: ``1 item``, ``2 items``."""
    return f"{number} {one if number == 1 else many}"

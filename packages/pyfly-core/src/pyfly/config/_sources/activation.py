# SPDX-License-Identifier: Apache-2.0
"""``pyfly.config.activate.on-profile``: the profiles under which a document applies."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from pyfly.config._names import canonical, join
from pyfly.config._sources.profile_expression import Matcher, ProfileSyntaxError, parse_profile_expression
from pyfly.config._tree import ABSENT, leaves
from pyfly.config.errors import ActivationError

ON_PROFILE = "pyfly.config.activate.on-profile"

_ACTIVATE = "pyfly.config.activate"
_PLACE = canonical(ON_PROFILE)
_EXPECTED = "a profile expression"


class Activation(NamedTuple):
    """When a document applies.

    Attributes:
        shown: The expression as it may be shown.
        condition: Tells by the active profiles whether it holds.
        rest: The document without it.
    """

    shown: str
    condition: Matcher
    rest: dict[str, Any]


def activation_of(tree: dict[str, Any], path: str, lines: Mapping[str, int]) -> Activation | None:
    """Read when a document applies, None when it always does.

    Args:
        tree: The settings of the document.
        path: Its file.
        lines: Line of each key, by canonical dotted key.

    Raises:
        ActivationError: If nobody can tell.
    """
    found = {canonical(key): (key, value) for key, value in leaves(tree) if _concerns(canonical(key))}
    if not found:
        return None

    _, value = found.pop(_PLACE, ("", ABSENT))
    for place, (key, _) in found.items():
        raise ActivationError(path, lines.get(place), key, f"the key {ON_PROFILE}", "another one")

    items = value if isinstance(value, list) else [value]
    expressions = [_text(item, path, lines.get(_PLACE)) for item in items or [None]]
    matchers = [_matcher(text, index, path, lines) for index, text in enumerate(expressions)]
    return Activation(
        " | ".join(expressions),
        lambda active: any(matcher(active) for matcher in matchers),
        _without(tree, ""),
    )


def _concerns(place: str) -> bool:
    return place == _ACTIVATE or place.startswith(_ACTIVATE + ".")


def _text(item: Any, path: str, line: int | None) -> str:
    text = "" if item is None else str(item).strip()
    if isinstance(item, bool) or not isinstance(item, str | int) or not text:
        raise ActivationError(path, line, ON_PROFILE, _EXPECTED, repr(item) if text else "nothing")

    return text


def _matcher(expression: str, index: int, path: str, lines: Mapping[str, int]) -> Matcher:
    try:
        return parse_profile_expression(expression)
    except ProfileSyntaxError as error:
        line = lines.get(f"{_PLACE}[{index}]", lines.get(_PLACE))
        problem = f"{error.problem} at character {error.position + 1}"
        raise ActivationError(path, line, ON_PROFILE, _EXPECTED, repr(expression), problem) from error


def _without(node: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for key, value in node.items():
        place = canonical(join(prefix, key))
        if _concerns(place):
            continue

        if isinstance(value, Mapping) and _ACTIVATE.startswith(place + "."):
            inner = _without(value, place)
            if inner or not value:
                kept[key] = inner
        else:
            kept[key] = value

    return kept

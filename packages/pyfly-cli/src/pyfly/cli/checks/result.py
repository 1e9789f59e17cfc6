# SPDX-License-Identifier: Apache-2.0
"""What a check finds."""

from dataclasses import dataclass
from typing import Literal, get_args

CHECKS_GROUP = "pyfly.cli_checks"
"""The entry-point group of further checks: callables that take the ``Config`` and return results."""

State = Literal["ok", "warning", "failure"]


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Say how one thing is.

    Attributes:
        check: What was looked at, in a word or two.
        state: ``ok``, ``warning`` for what may be meant to be so, ``failure`` for what does not work.
        message: What was found. It holds no secrets.
        advice: What to do about it; None when nothing is to be done.

    Raises:
        ValueError: There is no such state.
    """

    check: str
    state: State
    message: str
    advice: str | None = None

    def __post_init__(self) -> None:
        """Refuse another state."""
        if self.state not in get_args(State):
            raise ValueError(f"state: expected {', '.join(get_args(State))}, got {self.state!r}")


def failure_of(check: str, error: BaseException, state: State = "failure") -> CheckResult:
    """Return what an error tells, its ``description`` and ``action`` where it has them.

    Args:
        check: What was looked at.
        error: The error.
        state: How bad it is.
    """
    description, action = getattr(error, "description", None), getattr(error, "action", None)
    message = description if isinstance(description, str) else _text(error)
    return CheckResult(check, state, message, action if isinstance(action, str) else None)


def _text(error: BaseException) -> str:
    # The errors of PyFly say what is wrong; those of others do not without their kind.
    own = type(error).__module__.partition(".")[0] == "pyfly"
    return str(error) if own and str(error) else f"{type(error).__name__}: {error}".removesuffix(": ")

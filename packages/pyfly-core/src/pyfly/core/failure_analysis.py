# SPDX-License-Identifier: Apache-2.0
"""A failed start, told to people: what happened and what to do about it."""

from typing import NamedTuple

_TITLE = "The application failed to start"


class FailureAnalysis(NamedTuple):
    """What stopped the start.

    Attributes:
        description: What happened, and where.
        action: What to do about it; empty when nobody can tell.
        causes: The errors behind it, the nearest first, as ``Class: message``; without a report of several
            lines that the description has in full.
    """

    description: str
    action: str
    causes: tuple[str, ...]

    def render(self) -> str:
        """Give the analysis as text of several lines."""
        sections = [
            ("What happened", self.description),
            ("Caused by", "\n".join(self.causes)),
            ("What to do", self.action),
        ]
        blocks = [f"{title}:\n\n{_indented(text)}" for title, text in sections if text]
        return "\n\n".join([f"{_TITLE}\n{'=' * len(_TITLE)}", *blocks]) + "\n"


def analyse_failure(failure: BaseException) -> FailureAnalysis:
    """Read the description and the action off an error.

    Errors of the framework, and any other with the attributes ``description`` and ``action``, tell both; for
    the rest the description is their class and message.

    Args:
        failure: What stopped the start.
    """
    told = getattr(failure, "description", None)
    description = told if isinstance(told, str) and told else _one_line(failure)
    action = getattr(failure, "action", None)
    return FailureAnalysis(
        description=description,
        action=action if isinstance(action, str) else "",
        causes=tuple(_one_line(cause) for cause in _causes(failure) if not _tells(description, cause)),
    )


def _indented(text: str) -> str:
    return "\n".join(f"  {line}".rstrip() for line in text.splitlines())


def _causes(failure: BaseException) -> list[BaseException]:
    causes: list[BaseException] = []
    cause = failure.__cause__
    while cause is not None and cause not in causes:
        causes.append(cause)
        cause = cause.__cause__

    return causes


def _tells(description: str, cause: BaseException) -> bool:
    # A report of several lines is not read twice.
    text = str(cause)
    return "\n" in text and text in description


def _one_line(failure: BaseException) -> str:
    message = str(failure)
    name = type(failure).__name__
    return f"{name}: {message}" if message else name

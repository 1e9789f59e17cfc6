# SPDX-License-Identifier: Apache-2.0
"""Turn an error that stops a start into text for people."""

import traceback
from collections.abc import Iterator
from textwrap import indent


def report_failure(error: BaseException, *, debug: bool = False) -> str:
    """Render an error.

    Args:
        error: The error. If it, or one of its causes, has a ``description`` and an ``action``, these are
            shown.
        debug: Whether the traceback comes first.

    Returns:
        ``Error: ...`` in one line where the error has one line to say, with a line end.
    """
    report = _analysis(error) or _plain(error, hint=not debug)
    if debug:
        report = "".join(traceback.format_exception(error)) + report

    return report


def _analysis(error: BaseException) -> str | None:
    for candidate in _causes(error):
        description = getattr(candidate, "description", None)
        action = getattr(candidate, "action", None)
        if isinstance(description, str) and isinstance(action, str):
            if "\n" not in f"{description}{action}":
                return f"Error: {description} {action}\n"

            blocks = [_block("Description", description), _block("Action", action)]
            return "\n".join([f"Error: {type(candidate).__name__}\n", *blocks])

    return None


def _plain(error: BaseException, *, hint: bool) -> str:
    lines = [f"Error: {type(error).__name__}: {error}" if str(error) else f"Error: {type(error).__name__}"]
    frames = traceback.extract_tb(error.__traceback__)
    if frames:
        lines.append(f"  raised in {frames[-1].filename}, line {frames[-1].lineno}")

    if hint:
        lines.append("  Run with --debug (or PYFLY_DEBUG=true) for the whole traceback.")

    return "\n".join(lines) + "\n"


def _block(title: str, text: str) -> str:
    return f"  {title}\n{indent(text.rstrip(), '    ')}\n"


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    current: BaseException | None = error
    while current is not None and id(current) not in seen:
        seen.add(id(current))
        yield current
        current = current.__cause__

# SPDX-License-Identifier: Apache-2.0
"""What a caller may be told about an error: the one place that decides it.

An error with a status below 500 is the caller's: its message is told as it is, but for rejected input.
From 500 on the fault lies inside, and what a message says about the inside helps an attacker and nobody
else. So the application's own message is told only when nothing in it looks internal; otherwise the
caller reads the standard phrase of the status, and the log has the rest.

The check errs on the side of silence. It is no substitute for writing messages that are meant to be read
by callers: the bare name of a machine, such as ``db-7``, looks like any other word.
"""

import re
from typing import Final

from pyfly.kernel.exceptions import PyFlyException
from pyfly.kernel.faults import without_rejected_input

__all__ = [
    "INTERNAL_ERROR",
    "INTERNAL_ERROR_MESSAGE",
    "looks_internal",
    "public_code",
    "public_message",
    "public_text",
    "reason_phrase",
]

INTERNAL_ERROR: Final = "INTERNAL_ERROR"
INTERNAL_ERROR_MESSAGE: Final = "Internal server error"

_LONGEST: Final = 200
_LONGEST_CHAIN: Final = 16
_SHORTEST_QUOTE: Final = 4
# A word or two, such as the key of a KeyError or "timed out", may be part of any sentence.
_SMALL_TALK: Final = re.compile(r"[A-Za-z ]{1,15}")

_LONGEST_CODE: Final = 80
_CODE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*|[a-z][a-z0-9_-]*(?:\.[a-z0-9_-]+)+")

# No pattern repeats a repetition, and no text is longer than _LONGEST: the time is bounded whatever it says.
_INTERNAL: Final = re.compile(
    r"""
      [\x00-\x1f\x7f-\x9f\u2028\u2029]                  # several lines, control characters
    | [{}\[\]<>\\|`]                                    # dumps, markup, representations, Windows paths
    | ://                                               # URLs
    | \S@\S                                             # mail addresses, user:password@host
    | (?:^|[\s"'(=:,;])(?:~|\.{1,2})?/[\w.~-]           # absolute paths
    | [A-Za-z_.-][\w.-]*/[\w.-]+/                       # relative paths
    | [A-Za-z]\w*\.\w\w|(?:^|\s)\.\w                    # hosts, modules, files: db.local, app.models, .env
    | \d\.\d+\.\d                                       # IPv4 addresses, versions of what runs here
    | ::|(?:[0-9A-Fa-f]{1,4}:){3}                       # IPv6 addresses, names with a namespace
    | [A-Za-z][\w-]*:\d                                 # host:port
    | \b(?:localhost|port\s+\d)                         # the same in words
    | \w["']?\s*=\s*\S                                  # key=value
    | \$[A-Za-z_]|%[A-Za-z(]                            # variables, templates
    | \w_\w                                             # names out of code, tables, constraints
    | \w\(\)                                            # calls
    | \b0x[0-9A-Fa-f]{2}                                # addresses in memory
    | \b\w+(?:Error|Exception|Warning|Interrupt)\b      # classes of exceptions
    """,
    re.VERBOSE,
)
_INTERNAL_WORDS: Final = re.compile(
    r"""
      password|passwd|passphrase|secret|credential|\b(?:pwd|token|bearer|dsn|(?:api|private|access)\W?key)
    | \b(?:authorization|cookie|x-[\w-]+)\s*:
    | \bselect\b.+\bfrom\b
    | \binsert\s+into\b
    | \bupdate\b.+\bset\b
    | \bdelete\s+from\b
    | \bmerge\s+into\b
    | \b(?:create|alter|drop|truncate)\s+(?:table|index|view|schema|database|column)\b
    | \b(?:table|column|relation|constraint|database|schema|index|view|sequence|user|role)\s+["']
    | \b(?:file|folder|directory|host|server)\s+["']
    | \bno\s+such\s+(?:table|column|file|host)\b
    | \b(?:unique|foreign\s+key|not\s+null|check)\s+constraint\b
    | \bvalues\s*\(|\bwhere\b.+[=<>]
    | \btraceback\b|\bline\s+\d|\berrno\b|\bsqlstate\b|\bora-\d
    """,
    re.VERBOSE | re.IGNORECASE,
)
_RUN: Final = re.compile(r"[A-Za-z0-9+/=-]{16,}")
_RUN_OF_A_CODE: Final = re.compile(r"[A-Za-z0-9]{16,}")
_BASIC: Final = re.compile(r"\b[Bb]asic\s+[a-z+/]*[A-Z0-9=]")


def public_message(exc: BaseException) -> str:
    """Return what a caller may be told an exception says.

    An exception from outside of the framework's tree gives ``"Internal server error"``. So does, by the
    phrase of its status, an error that is written for whoever runs the application: one with a
    ``description`` and an ``action``.

    Args:
        exc: The exception. Its causes take part in the check: a message that quotes one of them says what a
            library has said.
    """
    if not isinstance(exc, PyFlyException):
        return INTERNAL_ERROR_MESSAGE

    status = exc.http_status
    if status < 500:
        return without_rejected_input(str(exc), exc)

    return _phrase(status) if _is_analysis(exc) else public_text(str(exc), status, raised=exc)


def public_text(text: str, status: int, *, raised: BaseException | None = None) -> str:
    """Return a text that is meant for the caller, or the phrase of the status where it must stay inside.

    Args:
        text: The text.
        status: The HTTP status of the answer; below 500 the text is returned as it is.
        raised: The exception that carries the text; a text that quotes one of its causes stays inside.
    """
    if status < 500:
        return text

    if looks_internal(text) or _quotes_a_cause(text, raised):
        return _phrase(status)

    return text


def public_code(exc: BaseException) -> str:
    """Return the code of an exception for the caller.

    It is the exception's own code, or else the name of its class; ``INTERNAL_ERROR`` for exceptions from
    outside of the framework's tree. From status 500 on, a code counts as none unless it is a plain name, such
    as ``BANK_DOWN``, ``bank-down`` or ``shop.bank-down``, of at most 80 characters.
    """
    if not isinstance(exc, PyFlyException):
        return INTERNAL_ERROR

    if exc.code and (exc.http_status < 500 or _is_plain_name(exc.code)):
        return exc.code

    return type(exc).__name__


def looks_internal(text: str) -> bool:
    """Tell whether a text says, or seems to say, something about the inside of the application.

    That is: more than one line or more than 200 characters, a URL, a host, an address, a port, a path, a
    module or file name, SQL, an assignment, a name with underscores, a class of exceptions, a stack, a
    representation of an object, a word for a secret, or a run of 16 and more letters and digits. A blank
    text is internal too: it tells nothing.

    The time it takes is bounded: longer texts are not looked at.
    """
    if len(text) > _LONGEST or not text.strip():
        return True

    if _INTERNAL.search(text) or _INTERNAL_WORDS.search(text) or _BASIC.search(text):
        return True

    return _looks_random(_RUN, text)


def reason_phrase(status: int) -> str:
    """Return the registered phrase of an HTTP status, or ``"Error"`` for an unregistered one."""
    # http.HTTPStatus costs a millisecond to import and is needed only once something has failed.
    from http import HTTPStatus

    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def _is_plain_name(code: str) -> bool:
    if len(code) > _LONGEST_CODE or _looks_random(_RUN_OF_A_CODE, code):
        return False

    return _CODE.fullmatch(code) is not None


def _looks_random(runs: re.Pattern[str], text: str) -> bool:
    return any(
        any(mark.isdigit() for mark in run) and any(mark.isalpha() for mark in run)
        for run in runs.findall(text)
    )


def _phrase(status: int) -> str:
    phrase = reason_phrase(status)
    return INTERNAL_ERROR_MESSAGE if status == 500 or phrase == "Error" else phrase


def _is_analysis(exc: PyFlyException) -> bool:
    return isinstance(getattr(exc, "description", None), str) and hasattr(exc, "action")


def _quotes_a_cause(text: str, raised: BaseException | None) -> bool:
    behind = None if raised is None else _behind(raised)
    for _ in range(_LONGEST_CHAIN):
        if behind is None:
            return False

        # What an error of ours says is judged like the text itself.
        if not isinstance(behind, PyFlyException) and any(part in text for part in _said(behind)):
            return True

        behind = _behind(behind)

    return False


def _behind(exc: BaseException) -> BaseException | None:
    if exc.__cause__ is not None or exc.__suppress_context__:
        return exc.__cause__

    return exc.__context__


def _said(exc: BaseException) -> list[str]:
    try:
        parts = [str(exc), *(part for part in exc.args if isinstance(part, str))]
    except Exception:
        return []

    return [part for part in parts if len(part) >= _SHORTEST_QUOTE and not _SMALL_TALK.fullmatch(part)]

# SPDX-License-Identifier: Apache-2.0
"""Values of denied keys within texts: ``password=x``, ``"token": "x"``, headers, private keys."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pyfly.logging.redaction._keys import DENIALS, FORMS, KeyRules
from pyfly.logging.redaction._masks import MASK, REDACTED

# Read backwards from the sign, where a beginning is found much faster than at the many that a key may have.
_BACKWARDS = (
    r"[=:>](?:(?<=>)=|(?<!>)[=:]?+)[ \t]*+\]?(?:[\"'`]\\*+)?"
    r"(?=[s0-9{ends}])(?P<name>(?:(?:{forms})[_-]?)?[0-9]{{0,4}}+s?(?:{names}))"
)

# `("authorization", "..."`, `<password>...`, `--password ...`
_PAIR = re.compile(r"\(b?\\*+[\"'](?P<name>[\w.-]{1,64})\\*+[\"'],[ \t]*+(?=b?\\*+[\"'])")
_TAG = re.compile(r"<(?:[\w.-]{1,64}:)?(?P<name>[\w.-]{1,64}+)>")
_OPTION = re.compile(r"--(?P<name>[\w.-]{1,64}+)[ \t]++(?!-)")

_QUOTED = {
    '"': re.compile(r'(?:[^"\\]|\\.)*+', re.DOTALL),
    "'": re.compile(r"(?:[^'\\]|\\.)*+", re.DOTALL),
}
# Within a text that is quoted itself, the quotes around the value are escaped and those inside it twice.
_ESCAPED = {
    '"': re.compile(r'(?:[^"\\]|\\\\++.|\\(?!"))*+', re.DOTALL),
    "'": re.compile(r"(?:[^'\\]|\\\\++.|\\(?!'))*+", re.DOTALL),
}
_OPENING = re.compile(r"(?:[bBuUrRfF]{1,2}(?=\\*+[\"']))?(?P<escapes>\\*+)(?P<quote>[\"'])")

# A comma, a semicolon or an ampersand ends a value only where another one may begin.
_BARE = re.compile(
    r"(?:[^\s&;,\"'(]|\"(?:[^\"\\\n]|\\.)*+\"?|'(?:[^'\\\n]|\\.)*+'?"
    r"|\((?:[^()\"']|\"[^\"]*+\"?|'[^']*+'?)*+\)?"
    r"|[&;,](?!\s|$|[\w.\-\[\]%]{1,40}[\"']?[ ]?[=:]))++"
)
_SCHEMES = frozenset(
    ["apikey", "aws4-hmac-sha256", "basic", "bearer", "digest", "hmac", "negotiate", "ntlm", "token"]
)
# Sets, because the empty text is in every text.
_BLANK = frozenset(" \t")
_QUOTES = frozenset("\"'`")
_MAY_OPEN = frozenset("\"'\\bBuUrRfF")
_BRACKET_OPENS = frozenset("[{(")
_BRACKET_CLOSES = frozenset("]})")
_NEXT_LINE = re.compile(r"[^\r\n]*+")
_BRACKETS = re.compile(r"[\[\](){}]|\"(?:[^\"\\]|\\.)*+\"?|'(?:[^'\\]|\\.)*+'?", re.DOTALL)
_BLANKS = re.compile(r"[ \t]*+")
_TO_TAG = re.compile(r"[^<]*+")
_COUNT = re.compile(r"[\d.,_]+")

_NAME_CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.$"
_LONGEST_NAME = 64

# The value of these is the rest of the line: it has blanks in it.
_LINES = frozenset({"authorization", "cookie", "passphrase"})

# What follows a colon in sentences, types and messages about errors.
_NO_SECRETS = frozenset(
    [
        "any",
        "bool",
        "bytes",
        "cannot",
        "empty",
        "expected",
        "expired",
        "false",
        "int",
        "invalid",
        "is",
        "missing",
        "must",
        "nil",
        "none",
        "not",
        "null",
        "object",
        "optional",
        "required",
        "revoked",
        "str",
        "true",
        "undefined",
        "unknown",
        "unset",
        "was",
    ]
)

_KEY_BEGIN = re.compile(r"-----BEGIN [A-Z ]{0,40}PRIVATE KEY")
_KEY_END = "-----END"


#: A text with more denied keys than this is cut before the next one's value.
MOST_VALUES = 500


class _Key(NamedTuple):
    """A key in a text.

    Attributes:
        name: The whole key.
        sign: The last character of what ends it, or the first of what encloses it.
        before: The character before it, if there is one that is not closed behind it.
    """

    name: str
    sign: str
    before: str


class Assignments:
    """Masks the values of denied keys within texts.

    Args:
        rules: Which keys are denied.
    """

    def __init__(self, rules: KeyRules) -> None:
        self._rules = rules
        names = sorted({_backwards(words) for words in rules.denied_words}, key=len, reverse=True)
        forms = [form[::-1] for form in FORMS]
        ends = {re.escape(words[-1][-1]) for words in rules.denied_words} | {form[0] for form in forms}
        self._keys = re.compile(
            _BACKWARDS.format(names="|".join(names), forms="|".join(forms), ends="".join(sorted(ends)))
        )

    def redact(self, text: str) -> str:
        """Return the text with a mask in place of each value of a denied key."""
        if "-----BEGIN" in text:
            text = _private_keys(text)

        if "=" in text or ":" in text:
            text = _masked(text, self._assigned(text))

        if "," in text and "(" in text:
            text = _masked(text, self._named(_PAIR, text))

        if "</" in text:
            text = _masked(text, self._named(_TAG, text))

        return _masked(text, self._named(_OPTION, text)) if "--" in text else text

    def _assigned(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where the values of denied keys begin and end, in their order."""
        length = len(text)
        spans = [(found.start(), found.span(1)) for found in self._keys.finditer(_lower(text)[::-1])]
        known = self._rules.known.get
        done = 0
        for sign, (end, begin) in reversed(spans):
            start = length - begin
            if start < done:
                continue

            name, before = text[start : length - end], text[start - 1 : start]
            if before and before in _NAME_CHARACTERS:
                lead = text[start - _LONGEST_NAME if start > _LONGEST_NAME else 0 : start]
                opening = lead.rstrip(_NAME_CHARACTERS)
                name, before = lead[len(opening) :] + name, opening[-1:]

            if (known(name) or self._rules.treatment(name)) in DENIALS:
                sign_end = length - sign
                # A quote that the name itself is in is closed before the sign.
                quoted = not _QUOTES.isdisjoint(text[length - end : sign_end])
                value, done = _value(text, sign_end, _Key(name, text[sign_end - 1], "" if quoted else before))
                yield value, done

    def _named(self, pattern: re.Pattern[str], text: str) -> Iterator[tuple[int, int]]:
        known = self._rules.known.get
        for found in pattern.finditer(text):
            name = found["name"]
            if (known(name) or self._rules.treatment(name)) in DENIALS:
                yield _value(text, found.end(), _Key(name, found[0][0], ""))


def _masked(text: str, values: Iterable[tuple[int, int]]) -> str:
    pieces: list[str] = []
    done = 0
    for number, (start, end) in enumerate(values):
        if number == MOST_VALUES:
            # All of them would take too long.
            return "".join((*pieces, text[done:start], f"<CUT {len(text) - start} characters>"))

        if done <= start < end and not MASK.fullmatch(text, start, end):
            pieces += (text[done:start], REDACTED)
            done = end

    return "".join((*pieces, text[done:])) if done else text


def _lower(text: str) -> str:
    lower = text.lower()
    # Few letters become two in lower case. Then only those of English matter.
    return (
        lower
        if len(lower) == len(text)
        else text.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")
    )


def _backwards(words: Sequence[str]) -> str:
    return "[_ .-]?".join(re.escape(word[::-1]) for word in reversed(words))


def _value(text: str, start: int, key: _Key) -> tuple[int, int]:
    """Return where the value begins and ends, without the quotes around it."""
    if key.sign == "<":
        return start, _end(_TO_TAG, text, start)

    start = _end(_BLANKS, text, start)
    first = text[start : start + 1]
    if first in _MAY_OPEN and (opening := _OPENING.match(text, start)):
        start, quote = opening.end(), opening["quote"]
        if quote == key.before:
            # It closes the text in which nothing follows the sign.
            return start, start

        if opening["escapes"]:
            return start, _end(_ESCAPED[quote], text, start)

        return start, _quote_end(text, _end(_QUOTED[quote], text, start), quote)

    if first in _BRACKET_OPENS:
        closed = _closing(text, start)
        bare = text[closed : _end(_BARE, text, closed)]
        return start, closed + len(bare.rstrip(")]}"))

    if key.sign in ":>" and any(line in key.name.lower() for line in _LINES):
        return start, _line_end(text, start, key.before)

    end = _end(_BARE, text, start)
    bare = text[start:end].rstrip(")]}")
    word = bare.rstrip(")]}>.,;").lower()
    if word in _SCHEMES and text[end : end + 1] in _BLANK:
        return start, _end(_BARE, text, _end(_BLANKS, text, end))

    if word in _NO_SECRETS or (key.name[-1] in "sS" and _COUNT.fullmatch(word)):
        return start, start

    return start, start + len(bare)


def _quote_end(text: str, end: int, quote: str) -> int:
    """Find the end of a quoted value in which the quote itself is not escaped, as in 'it's'."""
    while text[end + 1 : end + 2].isalnum():
        again = text.find(quote, end + 1)
        end = again if again >= 0 else len(text)

    return end


def _line_end(text: str, start: int, before: str) -> int:
    """Find the end of a header: that of the line, or the quote that was opened before its name."""
    end = _end(_NEXT_LINE, text, start)
    quote = text.find(before, start, end) if before in _QUOTES else -1
    return end if quote < 0 else quote


def _end(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.match(text, start)
    return found.end() if found else start


def _closing(text: str, start: int) -> int:
    """Find the end of what is in brackets; that of the text when they are never closed."""
    depth = 0
    for found in _BRACKETS.finditer(text, start):
        sign = found[0]
        depth += (sign in _BRACKET_OPENS) - (sign in _BRACKET_CLOSES)
        if depth == 0:
            return found.end()

    return len(text)


def _private_keys(text: str) -> str:
    pieces: list[str] = []
    done = 0
    while found := _KEY_BEGIN.search(text, done):
        end = text.find(_KEY_END, found.end())
        close = text.find("-----", end + len(_KEY_END)) if end >= 0 else -1
        pieces += (text[done : found.start()], "<PRIVATE_KEY>")
        done = close + len("-----") if close >= 0 else len(text)

    return "".join((*pieces, text[done:])) if done else text

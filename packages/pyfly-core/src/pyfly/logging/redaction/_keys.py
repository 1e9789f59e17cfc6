# SPDX-License-Identifier: Apache-2.0
"""What the name of a field tells about its value."""

import re
from collections.abc import Iterable
from enum import Enum

from pyfly.logging.redaction._port import TextKind

_MOST_KEYS = 2_048
_LONGEST_KEY = 128


class Treatment(Enum):
    """What becomes of the value of a key.

    Attributes:
        DENIED: It never shows.
        DENIED_UNLESS_COUNT: It never shows, unless it is a number: ``tokens`` may be how many.
        KEPT: It is an id of the log itself, and never touched.
        SKIPPED: It is not among the keys that are looked through.
        FREE: It is searched for secrets.
        ID: It is searched for secrets that no id looks like.
        PHONE: It is searched for secrets, and a number in it can be called.
    """

    DENIED = "denied"
    DENIED_UNLESS_COUNT = "denied unless count"
    KEPT = "kept"
    SKIPPED = "skipped"
    FREE = "free"
    ID = "id"
    PHONE = "phone"


#: How the text under a key is read, for the treatments that read it.
KINDS = {Treatment.FREE: TextKind.FREE, Treatment.ID: TextKind.ID, Treatment.PHONE: TextKind.PHONE}

#: The treatments that do not show a value.
DENIALS = (Treatment.DENIED, Treatment.DENIED_UNLESS_COUNT)

#: Keys whose value is never touched.
KEPT_KEYS = frozenset(
    {
        "correlationId",
        "correlation_id",
        "level",
        "logger",
        "pid",
        "port",
        "requestId",
        "request_id",
        "span_id",
        "timestamp",
        "trace_flags",
        "trace_id",
        "transactionId",
        "transaction_id",
    }
)

#: Keys that are denied whatever the settings say.
ALWAYS_DENIED = (
    "access_key",
    "account_key",
    "api_key",
    "amz_credential",
    "amz_signature",
    "authorization",
    "client_secret",
    "cookie",
    "credential",
    "cvc",
    "cvv",
    "encryption_key",
    "passphrase",
    "passwd",
    "private_key",
    "pwd",
    "secret_key",
    "set_cookie",
    "signing_key",
)

#: Words after a denied one that say in which form the secret is there.
FORMS = (
    "again",
    "b64",
    "base64",
    "bytes",
    "confirm",
    "confirmation",
    "digest",
    "encoded",
    "encrypted",
    "hash",
    "hashed",
    "header",
    "hex",
    "new",
    "old",
    "plain",
    "plaintext",
    "raw",
    "repeat",
    "str",
    "string",
    "text",
    "value",
)

# A denied word of so many letters also counts as the end of a word that is written in one: `accesstoken`.
_LONG = 5

_IDS = frozenset(
    [
        "at",
        "epoch",
        "guid",
        "guids",
        "id",
        "ids",
        "no",
        "nr",
        "number",
        "offset",
        "ref",
        "reference",
        "seq",
        "sequence",
        "timestamp",
        "ts",
        "uid",
        "uuid",
        "uuids",
    ]
)
_PHONES = frozenset(["cell", "cellphone", "fax", "mobile", "msisdn", "phone", "telephone", "tel", "whatsapp"])
_NO_IDS = frozenset(["account", "bank", "card", "cc", "iban", "pan", "passport", "ssn", "tax"])

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[^\W\d_A-Z]+|\d+")


class KeyRules:
    """Decides by the name of a key; remembers what it has decided.

    A key is denied when it ends with a denied word, in any spelling and case: ``token`` denies
    ``access_token``, ``refreshToken`` and ``X-Auth-Token``, and not ``token_count``. Words that say in which
    form the secret is there may follow: ``password_hash``.

    Args:
        allow: When not empty, the only keys whose values are searched, besides ``event``.
        deny: Denied words, besides those that always are.
    """

    def __init__(self, allow: Iterable[str] = (), deny: Iterable[str] = ()) -> None:
        self._allowed = {_joined(words_of(key)) for key in allow}
        self._denied = [words for key in dict.fromkeys((*deny, *ALWAYS_DENIED)) if (words := words_of(key))]
        #: What has been decided, to look there before asking.
        self.known: dict[str, Treatment] = {}

    @property
    def denied_words(self) -> list[tuple[str, ...]]:
        """The words of each denied key, in lower case."""
        return list(self._denied)

    def treatment(self, key: str) -> Treatment:
        """Decide what becomes of the value of a key."""
        known = self.known.get(key)
        if known is not None:
            return known

        decided = self._decide(key)
        if len(key) <= _LONGEST_KEY:
            if len(self.known) >= _MOST_KEYS:
                # Keys may be data. What is used often is soon known again.
                self.known.clear()

            self.known[key] = decided

        return decided

    def denies(self, key: str) -> bool:
        """Tell whether the value of a key never shows, at least when it is no number."""
        return self.treatment(key) in DENIALS

    def _decide(self, key: str) -> Treatment:
        if key in KEPT_KEYS:
            return Treatment.KEPT

        words = words_of(key)
        denied = self._denial(words)
        if denied is not None:
            return denied

        if self._allowed and key != "event" and _joined(words) not in self._allowed:
            return Treatment.SKIPPED

        last = words[-1] if words else ""
        if _PHONES.intersection(words) and (last in _PHONES or last in _IDS - {"id", "ids", "at", "ts"}):
            return Treatment.PHONE

        return Treatment.ID if last in _IDS and not _NO_IDS.intersection(words) else Treatment.FREE

    def _denial(self, words: tuple[str, ...]) -> Treatment | None:
        end = len(words)
        while end > 1 and words[end - 1] in FORMS:
            end -= 1

        joined = _joined(words[:end])
        for denied in self._denied:
            together = _joined(denied)
            if words[max(0, end - len(denied)) : end] == denied or (
                len(together) >= _LONG and joined.endswith(together)
            ):
                return Treatment.DENIED

            if len(together) >= _LONG and joined.endswith(f"{together}s"):
                return Treatment.DENIED_UNLESS_COUNT

        return None


def words_of(key: str) -> tuple[str, ...]:
    """Split a key into its words, in lower case, without the numbers at the end: ``dbPassword2`` has two."""
    words = [word.lower() for word in _WORDS.findall(key)]
    while words and words[-1].isdigit():
        words.pop()

    return tuple(words)


def _joined(words: Iterable[str]) -> str:
    return "".join(words)

# SPDX-License-Identifier: Apache-2.0
"""What makes two requests the same: the key, the caller, the resource and the content."""

import re
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from pyfly.web.idempotency.errors import InvalidIdempotencyKeyException

_KEY: Final = re.compile(r"[\x21-\x7e]+")
_LONGEST_PATH: Final = 256
_IDENTITIES: Final = ("principal", "user_id", "name", "username", "id", "sub")


def read_key(values: list[str], longest: int) -> str:
    """Return the idempotency key of a request.

    The header is a text in quotes; keys without them are in wider use, and mean the same.

    Args:
        values: The values of the header.
        longest: Characters that the key may have.

    Raises:
        InvalidIdempotencyKeyException: There are several, or it is empty, too long, or has characters other
            than the visible ones of ASCII.
    """
    if len(values) != 1:
        raise _refusal("is sent more than once")

    key = values[0].strip()
    if len(key) > 1 and key[0] == key[-1] == '"':
        key = key[1:-1]

    if not key:
        raise _refusal("is empty")

    if len(key) > longest:
        raise _refusal(f"is longer than {longest} characters")

    if not _KEY.fullmatch(key):
        raise _refusal("has characters other than the visible ones of ASCII")

    return key


def storage_key(method: str, path: str, key: str, caller: str | None = None) -> str:
    """Return the name under which the state of a key is kept: ``idem:POST:/orders:<key>``.

    The keys of a known caller are out of everybody else's reach. A path of more than 256 characters is
    shortened.
    """
    if len(path) > _LONGEST_PATH:
        path = f"sha256={_digest([path.encode('utf-8', 'surrogateescape')])}"

    own = "" if caller is None else f"@{caller}:"
    return f"idem:{own}{method}:{path}:{key}"


def caller_of(security_context: Any, tenant: str | None) -> str | None:
    """Return what stands for the authenticated caller, or ``None`` for an unknown one without a tenant.

    Args:
        security_context: Who makes the request, as security has found out: any object with ``principal``,
            ``user_id`` or ``name``; it counts unless its ``is_authenticated`` is false.
        tenant: What the client calls its tenant.
    """
    identity = identity_of(security_context)
    tenant = _text(getattr(security_context, "tenant_id", None)) or tenant
    if identity is None and not tenant:
        return None

    return _digest([(identity or "").encode(), (tenant or "").encode()])[:32]


def identity_of(security_context: Any) -> str | None:
    """Return the name or id of the authenticated caller, if there is one."""
    if security_context is None:
        return None

    authenticated = getattr(security_context, "is_authenticated", True)
    if not (authenticated() if callable(authenticated) else authenticated):
        return None

    return _identity(security_context, levels=2)


def fingerprint_of(
    method: str, path: str, query: bytes, body: bytes, credentials: Iterable[bytes] = ()
) -> str:
    """Return a digest of what a request asks for.

    Args:
        method: The HTTP method.
        path: The path.
        query: The query string as received.
        body: The whole body.
        credentials: What tells its caller apart, where the application does not know him.
    """
    return _digest([method.encode(), path.encode("utf-8", "surrogatepass"), query, *credentials, body])


def _identity(source: Any, levels: int) -> str | None:
    for name in _IDENTITIES:
        value = source.get(name) if isinstance(source, Mapping) else getattr(source, name, None)
        found = _text(value)
        if found is None and levels > 1 and value is not None and not callable(value):
            found = _identity(value, levels - 1)

        if found:
            return found

    return None


def _text(value: Any) -> str | None:
    # The text of any other object may hold its address, which is another one in the next process.
    if isinstance(value, bool) or not isinstance(value, str | int | UUID):
        return None

    return str(value)


def _digest(parts: Iterable[bytes]) -> str:
    digest = sha256()
    for part in parts:
        # With its length before each part, no two lists of parts read the same.
        digest.update(b"%d:" % len(part))
        digest.update(part)

    return digest.hexdigest()


def _refusal(problem: str) -> InvalidIdempotencyKeyException:
    return InvalidIdempotencyKeyException(f"The Idempotency-Key {problem}.", code="INVALID_IDEMPOTENCY_KEY")

# SPDX-License-Identifier: Apache-2.0
"""What is written in place of a secret."""

import re
from collections.abc import Callable

#: In place of the value of a denied key.
REDACTED = "<REDACTED>"

#: In place of what could not be looked through.
FAILED = "<REDACTION_FAILED>"

#: What all masks but the partial one look like.
MASK = re.compile(r"<[A-Z][A-Z0-9_]*(?::[0-9a-f]{8})?>")

Mask = Callable[[str, str], str]


def placeholder(entity: str, secret: str) -> str:
    """Name the kind of secret."""
    return f"<{entity}>"


def partial(entity: str, secret: str) -> str:
    """Show the last four characters; nothing of a secret that has no more."""
    shown = secret[-4:] if len(secret) > 4 else ""
    return "*" * (len(secret) - len(shown)) + shown


def hashed(entity: str, secret: str) -> str:
    """Name the kind of secret and tell equal ones from different ones."""
    # Imported here because it loads OpenSSL.
    from hashlib import sha256

    return f"<{entity}:{sha256(secret.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}>"


#: ``{name in the settings: mask}``.
MASKS: dict[str, Mask] = {"placeholder": placeholder, "partial": partial, "hash": hashed}

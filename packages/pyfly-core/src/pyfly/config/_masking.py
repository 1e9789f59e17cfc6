# SPDX-License-Identifier: Apache-2.0
"""Values that views of the configuration must not show."""

import re
from typing import Any

MASK = "******"

_SECRET_WORDS = frozenset(
    {
        "apikey",
        "authorization",
        "cookie",
        "credential",
        "credentials",
        "dsn",
        "passphrase",
        "passwd",
        "password",
        "passwords",
        "pwd",
        "secret",
        "secrets",
        "token",
        "tokens",
    }
)
_SECRET_ENDINGS = ("_key", "_keys", "_password", "_secret", "_token", "_credentials", "_credential")
_HARMLESS = frozenset({"partition_key", "routing_key", "primary_key", "sort_key"})
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_USERINFO = re.compile(r"(://[^/?#\s:@]*:)[^/?#\s]*(@)")
_ASSIGNMENT = re.compile(r"(?i)\b(password|passwd|pwd|secret|token|accountkey|api_?key)(\s*=\s*)[^\s;&]+")


def mask_value(key: str, value: Any) -> Any:
    """Return ``value`` as it may be shown: hidden under a secret key, without the password within a URL."""
    if any(_is_secret(segment) for segment in key.split(".")):
        return MASK
    if not isinstance(value, str):
        return value
    shown = _USERINFO.sub(rf"\g<1>{MASK}\g<2>", value) if "://" in value else value
    return _ASSIGNMENT.sub(rf"\g<1>\g<2>{MASK}", shown) if "=" in shown else shown


def _is_secret(segment: str) -> bool:
    name = _CAMEL.sub("_", segment.split("[", 1)[0]).lower().replace("-", "_")
    if name in _HARMLESS:
        return False
    return name == "key" or name in _SECRET_WORDS or name.endswith(_SECRET_ENDINGS)

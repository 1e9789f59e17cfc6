# SPDX-License-Identifier: Apache-2.0
"""Values that views of the configuration must not show."""

import re
from collections.abc import Mapping
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
_SECRET_ENDINGS = tuple(f"_{word}" for word in sorted(_SECRET_WORDS))
_HARMLESS = frozenset({"partition_key", "routing_key", "primary_key", "sort_key"})
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_USERINFO = re.compile(r"(://[^/?#\s:@]*:)[^/?#\s]*(@)")
_ASSIGNMENT = re.compile(r"(?i)\b(password|passwd|pwd|secret|token|accountkey|api_?key)(\s*=\s*)[^\s;&]+")


def mask_value(key: str, value: Any) -> Any:
    """Return ``value`` as it may be shown: hidden under a secret key, without the password within a URL."""
    segments = [_normal(segment) for segment in key.split(".")]
    if any(map(_is_secret, segments)) or _is_key(segments[-1]):
        return MASK

    if not isinstance(value, str):
        return value

    shown = _USERINFO.sub(rf"\g<1>{MASK}\g<2>", value) if "://" in value else value
    return _ASSIGNMENT.sub(rf"\g<1>\g<2>{MASK}", shown) if "=" in shown else shown


def masked(key: str, node: Any) -> Any:
    """Return a copy of ``node``, which may have parts, as it may be shown."""
    if isinstance(node, Mapping):
        return {name: masked(f"{key}.{name}", value) for name, value in node.items()}

    if isinstance(node, list):
        hidden = mask_value(key, node)
        return [masked(key, item) for item in node] if hidden is node else hidden

    return mask_value(key, node)


def _normal(segment: str) -> str:
    return _CAMEL.sub("_", segment.split("[", 1)[0]).lower().replace("-", "_")


def _is_secret(name: str) -> bool:
    return name in _SECRET_WORDS or name.endswith(_SECRET_ENDINGS)


def _is_key(name: str) -> bool:
    return name == "key" or (name.endswith("_key") and name not in _HARMLESS)

# SPDX-License-Identifier: Apache-2.0
"""How the spellings of a key relate: ``pool-size``, ``pool_size``, ``poolSize``, ``PYFLY_DATA_POOL_SIZE``."""

import re
from functools import lru_cache

VARIABLE_PREFIX = "PYFLY_"

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_INDEX = re.compile(r"\[(\d+)\]")


@lru_cache(maxsize=8192)
def canonical(key: str) -> str:
    """Return the one spelling that all relaxed spellings of ``key`` share."""
    return folded(_HUMP.sub("_", key))


def folded(key: str) -> str:
    """Return ``key`` in lower case, words apart by ``_``; the humps of camel case are no words here."""
    return key.lower().replace("-", "_").replace(" ", "_")


@lru_cache(maxsize=8192)
def variable_of(key: str) -> str:
    """Return the name of the environment variable that overrides ``key``; an index is a word of its own."""
    return _variable(canonical(key))


def variables_of(key: str) -> tuple[str, ...]:
    """Return every name of a variable that overrides ``key``, the customary one first."""
    return tuple(dict.fromkeys((variable_of(key), _variable(folded(key)))))


def variable_stem(prefix: str) -> str:
    """Return what the variables of all keys under ``prefix`` start with."""
    return VARIABLE_PREFIX if prefix in ("", "pyfly") else variable_of(prefix) + "_"


def join(prefix: str, key: object) -> str:
    """Return the dotted path of ``key`` under ``prefix``."""
    return f"{prefix}.{key}" if prefix else str(key)


def _variable(name: str) -> str:
    plain = _INDEX.sub(r"_\1", name).removeprefix("pyfly.")
    return VARIABLE_PREFIX + plain.replace(".", "_").upper()

# SPDX-License-Identifier: Apache-2.0
"""How the spellings of a key relate: ``pool-size``, ``pool_size``, ``PYFLY_DATA_POOL_SIZE``."""

from functools import lru_cache

VARIABLE_PREFIX = "PYFLY_"


@lru_cache(maxsize=8192)
def canonical(key: str) -> str:
    """Return the one spelling that all relaxed spellings of ``key`` share."""
    return key.lower().replace("-", "_").replace(" ", "_")


@lru_cache(maxsize=8192)
def variable_of(key: str) -> str:
    """Return the name of the environment variable that overrides ``key``."""
    name = canonical(key).removeprefix("pyfly.")
    return VARIABLE_PREFIX + name.replace(".", "_").upper()


def variable_stem(prefix: str) -> str:
    """Return what the variables of all keys under ``prefix`` start with."""
    return VARIABLE_PREFIX if prefix in ("", "pyfly") else variable_of(prefix) + "_"


def join(prefix: str, key: object) -> str:
    """Return the dotted path of ``key`` under ``prefix``."""
    return f"{prefix}.{key}" if prefix else str(key)

# SPDX-License-Identifier: Apache-2.0
"""Paths as OpenAPI writes them."""

import re
from typing import Any, Final

_VARIABLE: Final = re.compile(r"\{([^{}:]+)(?::([^{}]*))?\}")
_KINDS: Final[dict[str, dict[str, Any]]] = {
    "int": {"type": "integer", "minimum": 0},
    "float": {"type": "number", "minimum": 0},
    "uuid": {"type": "string", "format": "uuid"},
}


def openapi_path(path: str) -> str:
    """Return a path without the kinds of its variables."""
    return _VARIABLE.sub(r"{\1}", path)


def path_variables(path: str) -> dict[str, dict[str, Any]]:
    """Return the variables of a path, each with the schema that its kind gives."""
    return {name: dict(_KINDS.get(kind, {"type": "string"})) for name, kind in _VARIABLE.findall(path)}


class Paths:
    """The ``paths`` of the document, in which two paths that differ in the names of variables are one."""

    def __init__(self) -> None:
        self.items: dict[str, dict[str, Any]] = {}
        self._texts: dict[str, str] = {}

    def add(self, path: str, method: str, operation: dict[str, Any]) -> bool:
        """Add an operation; its path variables may get the names that the path has already.

        Returns:
            Whether it was added: an operation of the same method may be there already, under a path that
            OpenAPI cannot tell from this one.
        """
        text = openapi_path(path)
        first = self._texts.setdefault(_VARIABLE.sub("{}", path), text)
        item = self.items.setdefault(first, {})
        if method.lower() in item:
            return False

        names = dict(zip(path_variables(text), path_variables(first), strict=True))
        for parameter in operation.get("parameters", ()):
            if parameter["in"] == "path":
                parameter["name"] = names.get(parameter["name"], parameter["name"])

        item[method.lower()] = operation
        return True

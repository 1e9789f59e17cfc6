# SPDX-License-Identifier: Apache-2.0
"""FastAPI's own routes in the document of the controllers."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from pydantic import TypeAdapter

from pyfly.web.openapi import OpenApiCustomizer
from pyfly.web.openapi.errors import ErrorForm
from pyfly.web.openapi.paths import Paths

_METHODS: Final = frozenset({"delete", "get", "head", "options", "patch", "post", "put", "trace"})
_SCHEMAS: Final = "#/components/schemas/"
_FAULTS: Final = "HTTPValidationError"
_FASTAPI_ERRORS: Final = (_FAULTS, "ValidationError")
_SHARED_FACTS: Final = ("externalDocs", "servers", "webhooks")


class NativeDocument(OpenApiCustomizer):
    """Add what FastAPI says about its own routes.

    What both documents name, but describe differently, is called ``Native_...`` for FastAPI's part. Where
    both have an operation, that of the controller stays.

    Args:
        generate: Returns FastAPI's document, which may be changed.
        errors: Returns how faults of the input are answered, ``None`` if nothing is known about that.
    """

    def __init__(
        self, generate: Callable[[], dict[str, Any]], errors: Callable[[], ErrorForm | None]
    ) -> None:
        self._generate = generate
        self._errors = errors

    def customize(self, document: dict[str, Any]) -> None:
        native = self._generate()
        document["info"] = {**document["info"], **native["info"]}
        for name in _SHARED_FACTS:
            if native.get(name):
                document[name] = native[name]

        errors = self._errors()
        if errors is not None:
            _tell_faults(native, errors)

        _add_components(document, native)
        _add_operations(document, native["paths"])
        _add_tags(document, native.get("tags", ()))


def _tell_faults(native: dict[str, Any], errors: ErrorForm) -> None:
    schemas = native.get("components", {}).get("schemas", {})
    if _FAULTS not in schemas:
        return

    for name in _FASTAPI_ERRORS:
        schemas.pop(name, None)

    ours = TypeAdapter(errors.validation).json_schema(
        mode="serialization", ref_template=f"{_SCHEMAS}{{model}}"
    )
    schemas.update(ours.pop("$defs", {}))
    schemas[_FAULTS] = ours
    for operation in _operations(native["paths"]):
        for response in operation["responses"].values():
            content = response.get("content", {})
            if content.get("application/json", {}).get("schema") == {"$ref": _SCHEMAS + _FAULTS}:
                response["content"] = {errors.media_type: content.pop("application/json"), **content}


def _add_components(document: dict[str, Any], native: dict[str, Any]) -> None:
    for kind, added in native.get("components", {}).items():
        existing = document.setdefault("components", {}).setdefault(kind, {})
        names = _names(added, existing)
        if kind == "securitySchemes":
            _rename_security(native, names)
        else:
            _rename_references(
                native, {f"#/components/{kind}/{a}": f"#/components/{kind}/{b}" for a, b in names}
            )

        for name, given in names:
            existing.setdefault(given, added[name])


def _names(added: Mapping[str, Any], existing: Mapping[str, Any]) -> list[tuple[str, str]]:
    taken = {*added, *existing}
    names: list[tuple[str, str]] = []
    for name, component in added.items():
        given = name
        if name in existing and existing[name] != component:
            given = f"Native_{name}"
            while given in taken:
                given = f"Native_{given}"

        names.append((name, given))

    return names


def _rename_references(value: Any, names: Mapping[str, str]) -> None:
    if isinstance(value, dict):
        reference = value.get("$ref")
        if isinstance(reference, str):
            value["$ref"] = names.get(reference, reference)

        mapping = value.get("mapping")
        if isinstance(mapping, dict):
            # Of a discriminator; a property of this name holds a schema, whose values are no references.
            value["mapping"] = {
                key: names.get(it, it) if isinstance(it, str) else it for key, it in mapping.items()
            }

        for item in value.values():
            _rename_references(item, names)
    elif isinstance(value, list):
        for item in value:
            _rename_references(item, names)


def _rename_security(native: dict[str, Any], names: Iterable[tuple[str, str]]) -> None:
    given = dict(names)
    for operation in _operations(native["paths"]):
        if "security" in operation:
            operation["security"] = [
                {given.get(name, name): scopes for name, scopes in each.items()}
                for each in operation["security"]
            ]


def _add_operations(document: dict[str, Any], added: Mapping[str, Any]) -> None:
    paths = Paths()
    ids: set[str] = set()
    for path, method, operation in _entries(document["paths"]):
        paths.add(path, method, operation)
        ids.add(operation.get("operationId", ""))

    for path, method, operation in _entries(added):
        while operation.get("operationId") in ids:
            operation["operationId"] = f"native_{operation['operationId']}"

        if paths.add(path, method, operation):
            ids.add(operation.get("operationId", ""))

    document["paths"] = paths.items


def _add_tags(document: dict[str, Any], added: Iterable[Mapping[str, Any]]) -> None:
    known = {tag["name"] for tag in document.get("tags", ())}
    new = [tag for tag in added if tag["name"] not in known]
    if new:
        document["tags"] = [*document.get("tags", ()), *new]


def _entries(paths: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in paths.items():
        for method, operation in item.items():
            if method in _METHODS:
                yield path, method, operation


def _operations(paths: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for _, _, operation in _entries(paths):
        yield operation

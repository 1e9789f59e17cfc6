# SPDX-License-Identifier: Apache-2.0
"""JSON schemas of Python types, all made in one pass of pydantic."""

import json
import logging
from collections.abc import Hashable, Iterable
from copy import deepcopy
from functools import lru_cache
from inspect import Parameter
from typing import Any, ClassVar, Final, Literal

from pydantic import ConfigDict, PydanticUserError, TypeAdapter
from pydantic.errors import PydanticUndefinedAnnotation
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import PydanticSerializationError, core_schema

from pyfly.web.json import encode_json

Mode = Literal["validation", "serialization"]
Wanted = tuple[Any, Mode]

REFERENCE: Final = "#/components/schemas/"
_UNKNOWN: Final = (PydanticUserError, PydanticUndefinedAnnotation, NameError, TypeError)

logger = logging.getLogger("pyfly.web")


class Schemas:
    """The schemas of some types, and the named ones they refer to.

    Types that pydantic cannot describe get the schema that anything matches, ``{}``.

    Attributes:
        definitions: The named schemas. Names are those of the classes, qualified where two classes share one.
    """

    def __init__(self, wanted: Iterable[Wanted], *, by_alias: bool = False) -> None:
        """Make the schemas.

        Args:
            wanted: The types: each with ``validation`` if it comes in, ``serialization`` if it goes out.
            by_alias: Whether all models go out with the aliases of their fields; else each decides itself.
        """
        inputs = {(_key(hint), mode): (hint, mode) for hint, mode in wanted}
        # Types that cannot be hashed are known by their id, so they must stay alive.
        self._kept = [hint for hint, _ in inputs.values()]
        adapters = [
            (key, mode, adapter)
            for (key, _), (hint, mode) in inputs.items()
            if (adapter := _adapter(hint)) is not None
        ]
        self._schemas, self.definitions = _generate(adapters, _Aliased if by_alias else _AsDeclared)

    def of(self, hint: Any, mode: Mode) -> dict[str, Any]:
        """Return the schema of a type that was asked for at the beginning; the caller may change it."""
        return deepcopy(self._schemas.get((_key(hint), mode), {}))


class _AsDeclared(GenerateJsonSchema):
    # A default without a JSON form is no matter for a warning: it is left out.
    ignored_warning_kinds = {*GenerateJsonSchema.ignored_warning_kinds, "non-serializable-default"}  # noqa: RUF012 - so it is declared there
    output_by_alias: ClassVar[bool] = False

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        outer = self.by_alias
        self.by_alias = self._names_by_alias(schema["cls"].model_config)
        try:
            return super().model_schema(schema)
        finally:
            self.by_alias = outer

    def dataclass_schema(self, schema: core_schema.DataclassSchema) -> JsonSchemaValue:
        outer = self.by_alias
        config: ConfigDict | None = getattr(schema["cls"], "__pydantic_config__", None)
        self.by_alias = self._names_by_alias(config or ConfigDict())
        try:
            return super().dataclass_schema(schema)
        finally:
            self.by_alias = outer

    def encode_default(self, dft: Any) -> Any:
        encoded = super().encode_default(dft)
        try:
            json.dumps(encoded, allow_nan=False)
        except ValueError as error:
            raise PydanticSerializationError(f"{dft!r} is no JSON") from error

        return encoded

    def handle_invalid_for_json_schema(self, schema: Any, error_info: str) -> JsonSchemaValue:
        return {}

    def _names_by_alias(self, config: ConfigDict) -> bool:
        if self.mode == "validation":
            return config.get("validate_by_alias", True) is not False

        return self.output_by_alias or config.get("serialize_by_alias") is True


class _Aliased(_AsDeclared):
    output_by_alias: ClassVar[bool] = True


def plain_schema(hint: Any, default: Any = Parameter.empty) -> dict[str, Any]:
    """Return the schema of the text of one parameter, complete in itself.

    Args:
        hint: The type; that it may be ``None`` is left out, since no text stands for that.
        default: Becomes part of the schema if it has a JSON form.
    """
    try:
        schema = deepcopy(_plain(hint))
    except TypeError:
        schema = _plain.__wrapped__(hint)

    return with_default(schema, hint, default)


@lru_cache(maxsize=1024)
def _plain(hint: Any) -> dict[str, Any]:
    adapter = _adapter(hint)
    return {} if adapter is None else without_null(adapter.json_schema(schema_generator=_AsDeclared))


def with_default(schema: dict[str, Any], hint: Any, default: Any) -> dict[str, Any]:
    """Return a schema with a default, unless there is none or it is no JSON of that schema."""
    adapter = None if default is Parameter.empty or default is None else _adapter(hint)
    if adapter is None:
        return schema

    try:
        value = adapter.dump_python(default, mode="json", warnings=False)
        # NaN, say, would come out as null; what is shown has to be a value of the type.
        adapter.validate_json(json.dumps(value, allow_nan=False))
    except (PydanticSerializationError, TypeError, ValueError):
        return schema

    return {**schema, "default": value}


def without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema without the alternative ``null``."""
    alternatives = schema.get("anyOf")
    if not isinstance(alternatives, list) or {"type": "null"} not in alternatives:
        return schema

    others = [each for each in alternatives if each != {"type": "null"}]
    rest = {key: value for key, value in schema.items() if key != "anyOf"}
    return {**others[0], **rest} if len(others) == 1 else {**rest, "anyOf": others}


def referred(schema: dict[str, Any], definitions: dict[str, Any]) -> dict[str, Any]:
    """Return the named schema that a schema consists of, or the schema itself."""
    name = str(schema.get("$ref", "")).removeprefix(REFERENCE)
    found: dict[str, Any] = definitions.get(name, schema)
    return found


def json_value(value: Any) -> Any:
    """Return a value as it looks in an answer."""
    return json.loads(encode_json(value))


def _adapter(hint: Any) -> TypeAdapter[Any] | None:
    try:
        adapter: TypeAdapter[Any] = TypeAdapter(hint)
        if not adapter.pydantic_complete:
            adapter.rebuild()
    except _UNKNOWN as error:
        logger.debug("No schema for %r in the OpenAPI document: %s", hint, error)
        return None

    return adapter


def _key(hint: Any) -> Hashable:
    try:
        hash(hint)
    except TypeError:
        return id(hint)

    return hint  # type: ignore[no-any-return]  # hashable, as was just tried


def _generate(
    inputs: list[tuple[Hashable, Mode, TypeAdapter[Any]]], generator: type[GenerateJsonSchema]
) -> tuple[dict[tuple[Hashable, Mode], dict[str, Any]], dict[str, Any]]:
    template = REFERENCE + "{model}"
    try:
        schemas, outer = TypeAdapter.json_schemas(inputs, ref_template=template, schema_generator=generator)
    except Exception:
        sound = [each for each in inputs if _is_sound(each, generator)]
        if len(sound) == len(inputs):
            raise

        schemas, outer = TypeAdapter.json_schemas(sound, ref_template=template, schema_generator=generator)

    return schemas, outer.get("$defs", {})


def _is_sound(wanted: tuple[Hashable, Mode, TypeAdapter[Any]], generator: type[GenerateJsonSchema]) -> bool:
    hint, mode, adapter = wanted
    try:
        adapter.json_schema(mode=mode, schema_generator=generator)
    except Exception:
        logger.warning(
            "%r describes itself wrongly: any value is documented in its place", hint, exc_info=True
        )
        return False

    return True

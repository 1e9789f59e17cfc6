# SPDX-License-Identifier: Apache-2.0
"""From values to the bytes of JSON."""

from collections.abc import Callable
from typing import Any, Final, get_args, get_origin

from pydantic import BaseModel, TypeAdapter
from pydantic.errors import PydanticUserError
from pydantic_core import PydanticSerializationError, SchemaSerializer, core_schema

from pyfly.web.json.properties import JsonProperties
from pyfly.web.json.registry import JsonSerializers
from pyfly.web.json.simplification import Simplifier, holds_iterator
from pyfly.web.type_forms import without_none

Encoder = Callable[[Any], bytes]

_ANY: Final = SchemaSerializer(core_schema.any_schema()).to_json


def json_encoder(properties: JsonProperties, registry: JsonSerializers | None = None) -> Encoder:
    """Compile the encoding of any value.

    Args:
        properties: The settings.
        registry: Encoders for further types; those that are registered later count too.
    """
    simplifier = Simplifier(properties, registry)
    options = _options(properties)

    def encode_thoroughly(value: Any) -> bytes:
        return _ANY(simplifier.simplify(value), fallback=simplifier.last_resort, **options)

    def encode(value: Any) -> bytes:
        try:
            return _ANY(value, **options)
        except PydanticSerializationError:
            if holds_iterator(value):
                raise  # it may have been read in part

            return encode_thoroughly(value)

    rewrites = properties.exclude_none or properties.exclude_defaults or registry is not None
    return encode_thoroughly if rewrites else encode


def typed_encoder(hint: Any, properties: JsonProperties, otherwise: Encoder) -> Encoder:
    """Compile the encoding of values that are announced to be of a type.

    A model of exactly that type, or a list of such models, takes a shorter way to the same bytes.

    Args:
        hint: The type, such as the return hint of a method.
        properties: The settings.
        otherwise: Encodes all other values.
    """
    target = without_none(hint)
    element = get_args(target)[0] if get_origin(target) is list else None
    model = target if element is None else element
    if not (isinstance(model, type) and issubclass(model, BaseModel)):
        return otherwise

    try:
        write = TypeAdapter(target).serializer.to_json
    except PydanticUserError:
        return otherwise  # the model names something that is not defined yet

    options = _options(properties)

    def encode_model(value: Any) -> bytes:
        if type(value) is model:
            try:
                return write(value, **options)
            except PydanticSerializationError:
                return otherwise(value)

        return otherwise(value)

    only = {model}

    def encode_list(value: Any) -> bytes:
        if type(value) is list and only.issuperset(map(type, value)):
            try:
                return write(value, **options)
            except PydanticSerializationError:
                return otherwise(value)

        return otherwise(value)

    return encode_model if element is None else encode_list


def _options(properties: JsonProperties) -> dict[str, Any]:
    options = {
        "by_alias": properties.effective_by_alias(),
        "exclude_none": properties.exclude_none,
        "exclude_defaults": properties.exclude_defaults,
    }
    # What is not switched on stays unsaid: then each model decides about its aliases itself.
    return {name: True for name, value in options.items() if value}


encode_json: Final = json_encoder(JsonProperties())
"""Encode models, dataclasses, containers and the usual scalar types as compact UTF-8.

Each model decides about its aliases itself; NaN and the infinities become ``null``.
"""

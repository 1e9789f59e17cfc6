# SPDX-License-Identifier: Apache-2.0
"""The JSON that leaves the application."""

from pydantic_core import SchemaSerializer, core_schema

encode_json = SchemaSerializer(core_schema.any_schema()).to_json
"""Encode models, dataclasses, containers and the usual scalar types as compact UTF-8.

Each model decides about its aliases itself; NaN and the infinities become ``null``.
"""

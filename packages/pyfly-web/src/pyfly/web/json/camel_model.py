# SPDX-License-Identifier: Apache-2.0
"""A base of models whose JSON is in camel case."""

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class CamelModel(BaseModel):
    """Write fields as ``itemName``, and read them as ``itemName`` or ``item_name``."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, serialize_by_alias=True)

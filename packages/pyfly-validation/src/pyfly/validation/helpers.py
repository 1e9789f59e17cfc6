# SPDX-License-Identifier: Apache-2.0
"""Validation of raw data against a model."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from pyfly.validation.errors import validation_exception

T = TypeVar("T", bound=BaseModel)


def validate_model(model: type[T], data: Mapping[str, Any]) -> T:
    """Build a model from raw data.

    Args:
        model: The pydantic model.
        data: Raw values by field name or alias.

    Raises:
        ValidationException: The data does not fit; ``context["errors"]`` lists every fault.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise validation_exception(error) from error

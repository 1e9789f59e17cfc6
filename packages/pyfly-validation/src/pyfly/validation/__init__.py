# SPDX-License-Identifier: Apache-2.0
"""Validation of inputs and models."""

from pyfly.validation.arguments import validate_arguments
from pyfly.validation.decorators import validate_input, validator
from pyfly.validation.helpers import validate_model

__all__ = ["validate_arguments", "validate_input", "validate_model", "validator"]

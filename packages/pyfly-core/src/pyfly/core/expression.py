# SPDX-License-Identifier: Apache-2.0
"""Expressions over settings, ``#{...}``."""

from pyfly.config.expression import ExpressionError, evaluate, is_expression

__all__ = ["ExpressionError", "evaluate", "is_expression"]

# SPDX-License-Identifier: Apache-2.0
"""Single settings, injected into fields and constructor parameters."""

from collections.abc import Callable
from typing import Any

from pyfly.config._placeholders import references
from pyfly.config.errors import UnresolvedPlaceholderError
from pyfly.config.expression import evaluate, is_expression
from pyfly.config.store import Config

__all__ = ["Value"]


class Value:
    """Ask for a setting, as in ``Annotated[int, Value("${app.port:8080}")]`` or as the default of a field.

    Args:
        expression: Text with placeholders (``${key}``, ``${key:default}``), an expression (``#{...}``), or
            text that stands for itself.
    """

    __slots__ = ("_expression",)

    _expression: str

    # As a field's default it stands in for the setting, of whatever type the field has. Type checkers believe
    # that only without an __init__.
    def __new__(cls, expression: str) -> Any:
        value = super().__new__(cls)
        value._expression = expression
        return value

    def __repr__(self) -> str:
        return f"Value({self._expression!r})"

    @property
    def expression(self) -> str:
        """The text as it was given."""
        return self._expression

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that the placeholders name."""
        return references(self._expression)

    def resolve(self, config: Config) -> Any:
        """Return what the expression stands for; a single placeholder gives the setting with its type.

        Raises:
            KeyError: If a key without a default is missing.
            ExpressionError: If an expression cannot be evaluated.
            UnresolvedPlaceholderError: If a setting that is present refers to one that is not.
        """
        if is_expression(self._expression):
            return evaluate(self._expression, config)

        try:
            return config.resolve_placeholders(self._expression)
        except UnresolvedPlaceholderError as error:
            if error.placeholder in self._expression:
                raise KeyError(error.key) from error

            raise

    def __pyfly_provide__(self, resolve: Callable[[type], Any], target: Any) -> Any:
        """Return the setting as an instance of ``target``, for the container.

        Raises:
            KeyError: If a key without a default is missing.
            ConfigurationError: If the setting does not fit the target.
        """
        from pyfly.config._binding.binder import coerce

        return coerce(self.resolve(resolve(Config)), target, self._expression)

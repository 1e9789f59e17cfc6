# SPDX-License-Identifier: Apache-2.0
"""The active profiles, and what they let in."""

from typing import Any

from pyfly.config.store import Config
from pyfly.container.exceptions import BeanCreationException


class ProfileExpressionError(BeanCreationException):
    """A bean's profile cannot be read, so nobody can tell whether the bean belongs in.

    Args:
        declared_by: The class or ``@bean`` method that carries the expression.
        expression: The expression.
        problem: What is wrong with it, and where.
    """

    def __init__(self, declared_by: str, expression: str, problem: str) -> None:
        super().__init__(
            "profiles", declared_by, f"profile expression {expression!r} is malformed: {problem}"
        )
        self.declared_by = declared_by
        self.expression = expression
        self.problem = problem

    @property
    def description(self) -> str:
        """What happened."""
        return f"{self.declared_by} has the malformed profile {self.expression!r}: {self.problem}."

    @property
    def action(self) -> str:
        """What to do about it."""
        return (
            "Write a profile name, or combine names with ! (not), & (and), | (or) and parentheses,\n"
            'such as "prod & !eu". Names are made of letters, digits, "_", "." and "-".'
        )

    def _facts(self) -> dict[str, Any]:
        return {"declared_by": self.declared_by, "expression": self.expression, "problem": self.problem}


class Environment:
    """The profiles of this run; read once, when it is built.

    Args:
        config: It knows the profiles that it was loaded for.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        self._active_profiles = config.active_profiles

    @property
    def active_profiles(self) -> list[str]:
        """The active profiles in order; empty when none was chosen."""
        return list(self._active_profiles)

    def accepts_profiles(self, *profiles: str) -> bool:
        """Tell whether any of the expressions holds; a malformed one does not.

        While no profile is active, the name ``default`` is.

        Args:
            profiles: Names or expressions of ``!``, ``&``, ``|`` and parentheses.
        """
        return any(self._accepts(expression) for expression in profiles)

    def accepts_declared_profile(self, expression: str, declared_by: str) -> bool:
        """Tell whether the profile that a bean declares holds.

        Args:
            expression: The expression.
            declared_by: The class or ``@bean`` method that carries it, for the error.

        Raises:
            ProfileExpressionError: The expression is malformed: a typing mistake must not remove a bean
                unseen.
        """
        # Expressions are read by an application that starts, not to import one.
        from pyfly.config._sources.profile_expression import ProfileSyntaxError, parse_profile_expression

        try:
            return parse_profile_expression(expression)(self._effective_profiles())
        except ProfileSyntaxError as failure:
            raise ProfileExpressionError(declared_by, expression, str(failure)) from failure

    def get_property(self, key: str, default: Any = None) -> Any:
        """Give the value of a configuration key.

        Args:
            key: The dotted key.
            default: What to return when the key is absent.
        """
        return self._config.get(key, default)

    def _accepts(self, expression: str) -> bool:
        from pyfly.config._sources.profile_expression import ProfileSyntaxError, parse_profile_expression

        try:
            return parse_profile_expression(expression)(self._effective_profiles())
        except ProfileSyntaxError:
            return False

    def _effective_profiles(self) -> list[str]:
        return self._active_profiles or ["default"]

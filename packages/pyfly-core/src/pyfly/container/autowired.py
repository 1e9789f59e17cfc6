# SPDX-License-Identifier: Apache-2.0
"""Field injection."""

from typing import Any


class Autowired:
    """Mark a class attribute that is injected after construction.

    The attribute's annotation says what is injected, in any form that constructor parameters know: ``repo:
    OrderRepository = Autowired()``.

    Args:
        qualifier: Name of the bean to inject.
        required: With ``False``, a missing bean gives ``None`` instead of an error.
    """

    __slots__ = ("qualifier", "required")

    qualifier: str | None
    required: bool

    # An Autowired() stands in for the bean itself, of whatever type the attribute is annotated with. Type
    # checkers believe that only without an __init__.
    def __new__(cls, *, qualifier: str | None = None, required: bool = True) -> Any:
        field = super().__new__(cls)
        field.qualifier = qualifier
        field.required = required
        return field

    def __repr__(self) -> str:
        facts = [] if self.qualifier is None else [f"qualifier={self.qualifier!r}"]
        if not self.required:
            facts.append("required=False")

        return f"Autowired({', '.join(facts)})"

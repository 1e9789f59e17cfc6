# SPDX-License-Identifier: Apache-2.0
"""One function for a bean of a request and all that it needs of the same request.

Written as source, since each bean of a request is looked up or made in every request: calls of one closure
per bean would cost more than the beans. The source consists of numbered names and of names of parameters.
"""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

from pyfly.container.registry import Registration

Finder: TypeAlias = Callable[[dict[Registration, Any]], Any]

_BEAN = """\
    if d{number} in beans:
        b{number} = beans[d{number}]
    else:
        next(t{number})
        b{number} = beans[d{number}] = m{number}({arguments})
"""


class RequestSource:
    """Collects beans, each after those that it needs."""

    def __init__(self) -> None:
        self._lines = ["def find(beans):\n"]
        self._names: dict[str, Any] = {}
        self._beans: dict[Registration, str] = {}

    def written(self, definition: Registration) -> str | None:
        """Return the expression of a bean that was added."""
        return self._beans.get(definition)

    def constant(self, value: Any) -> str:
        """Return the expression of a value that stays the same."""
        return self._name("c", value)

    def step(self, steps: Iterator[Any]) -> str:
        """Return the expression of the next value of an iterator."""
        return f"next({self._name('s', steps)})"

    def add(
        self, definition: Registration, make: Callable[..., Any], arguments: list[str], turns: Iterator[Any]
    ) -> str:
        """Add a bean and return its expression.

        Args:
            definition: The bean.
            make: Makes it.
            arguments: The arguments of that call, as source.
            turns: Advanced by one each time the bean is made.
        """
        number = len(self._beans)
        self._names |= {f"d{number}": definition, f"m{number}": make, f"t{number}": turns}
        self._lines.append(_BEAN.format(number=number, arguments=", ".join(arguments)))
        self._beans[definition] = f"b{number}"
        return f"b{number}"

    def compile(self, root: str) -> Finder:
        """Return what takes a bean, given by its expression, from those of a request, or makes it."""
        source = "".join([*self._lines, f"    return {root}\n"])
        exec(compile(source, "<beans of a request>", "exec"), self._names)
        finder: Finder = self._names["find"]
        return finder

    def _name(self, prefix: str, value: Any) -> str:
        name = f"{prefix}{len(self._names)}"
        self._names[name] = value
        return name

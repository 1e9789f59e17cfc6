# SPDX-License-Identifier: Apache-2.0
"""Decorators that say when a class or a ``@bean`` method takes part in the application."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, Final, TypeVar, overload

from pyfly.config._module_presence import module_present
from pyfly.container.types import Scope

Target = TypeVar("Target", bound=Callable[..., Any])
ClassT = TypeVar("ClassT", bound=type)

AUTO_CONFIGURATION_ORDER: Final = 1000

_CONDITIONS: Final = "__pyfly_conditions__"


def conditional_on_property(
    key: str, having_value: str = "", *, match_if_missing: bool = False
) -> Callable[[Target], Target]:
    """Require a configuration key.

    Args:
        key: The dotted key.
        having_value: The text that the value must equal, in any case. Empty: any value but ``false`` will do.
        match_if_missing: The outcome when the key is absent.
    """
    return _condition("on_property", key=key, having_value=having_value, match_if_missing=match_if_missing)


def conditional_on_class(module_name: str) -> Callable[[Target], Target]:
    """Require an installed module.

    Args:
        module_name: The deepest module that the decorated code will import; a bare namespace package proves
            little.
    """
    return _condition("on_class", module_name=module_name, check=partial(module_present, module_name))


def conditional_on_expression(expression: str) -> Callable[[Target], Target]:
    """Require a ``#{...}`` expression to be true.

    Args:
        expression: The expression, as `pyfly.core.expression` understands it.
    """
    return _condition("on_expression", expression=expression)


def conditional_on_bean(bean_type: type) -> Callable[[Target], Target]:
    """Require another bean of a type.

    Args:
        bean_type: The class or port that the other bean declares.
    """
    return _condition("on_bean", bean_type=bean_type)


def conditional_on_missing_bean(bean_type: type) -> Callable[[Target], Target]:
    """Require that no other bean of a type exists.

    Args:
        bean_type: The class or port that no other bean may declare.
    """
    return _condition("on_missing_bean", bean_type=bean_type)


def conditional_on_single_candidate(bean_type: type) -> Callable[[Target], Target]:
    """Require exactly one bean of a type, or exactly one primary among several.

    Args:
        bean_type: The class or port to count.
    """
    return _condition("on_single_candidate", bean_type=bean_type)


def conditional_on_web_application() -> Callable[[Target], Target]:
    """Require an installed web framework."""
    return _condition("on_web_application")


def conditional_on_resource(path: str) -> Callable[[Target], Target]:
    """Require a file or folder.

    Args:
        path: The path; a relative one starts at the working directory.
    """
    return _condition("on_resource", path=path)


@overload
def auto_configuration(cls: ClassT, /) -> ClassT: ...


@overload
def auto_configuration(
    *,
    before: Sequence[type | str] = (),
    after: Sequence[type | str] = (),
    order: int = AUTO_CONFIGURATION_ORDER,
) -> Callable[[ClassT], ClassT]: ...


def auto_configuration(
    cls: ClassT | None = None,
    /,
    *,
    before: Sequence[type | str] = (),
    after: Sequence[type | str] = (),
    order: int = AUTO_CONFIGURATION_ORDER,
) -> ClassT | Callable[[ClassT], ClassT]:
    """Mark a configuration class that an installed distribution contributes by itself.

    It is applied after all configurations of the user, so ``@conditional_on_missing_bean`` lets the user's
    beans win. The class still has to be named in the entry-point group ``pyfly.auto_configuration``.

    Args:
        cls: The class, when the decorator is used without parentheses.
        before: Auto-configurations, by class or name, that this one must precede; unknown names are ignored.
        after: Auto-configurations, by class or name, that this one must follow; unknown names are ignored.
        order: Where ``before`` and ``after`` decide nothing, lower comes first.
    """

    def mark(target: ClassT) -> ClassT:
        attributes: dict[str, object] = {
            "__pyfly_auto_configuration__": True,
            "__pyfly_auto_configuration_before__": _names("before", before),
            "__pyfly_auto_configuration_after__": _names("after", after),
            "__pyfly_injectable__": True,
            "__pyfly_stereotype__": "configuration",
        }
        if not hasattr(target, "__pyfly_scope__"):
            attributes["__pyfly_scope__"] = Scope.SINGLETON

        if order != AUTO_CONFIGURATION_ORDER or not hasattr(target, "__pyfly_order__"):
            attributes["__pyfly_order__"] = order

        for name, value in attributes.items():
            setattr(target, name, value)

        return target

    return mark if cls is None else mark(cls)


def _names(argument: str, neighbours: Sequence[type | str]) -> tuple[type | str, ...]:
    # A lone string is a sequence too, of letters that name nothing.
    if isinstance(neighbours, str):
        raise TypeError(f"auto_configuration({argument}=...) takes a list; write {argument}=[{neighbours!r}]")

    return tuple(neighbours)


def _condition(kind: str, **facts: object) -> Callable[[Target], Target]:
    def add(target: Target) -> Target:
        # Only the target's own list: a subclass must not change the conditions of its base.
        own = vars(target).get(_CONDITIONS, [])
        setattr(target, _CONDITIONS, [*own, {"type": kind, **facts}])
        return target

    return add

# SPDX-License-Identifier: Apache-2.0
"""The ``@bean`` methods of a configuration class, read into definitions."""

import inspect
from collections import abc
from collections.abc import Callable, Iterator
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin

from pyfly.container._annotations import evaluate, raw_annotations
from pyfly.container.exceptions import InjectionPointError
from pyfly.container.ordering import get_order
from pyfly.container.registry import BeanMethod, ProducerKind, Registration
from pyfly.context._log import log

_GENERATORS = (
    abc.Iterator,
    abc.Iterable,
    abc.Generator,
    abc.AsyncIterator,
    abc.AsyncIterable,
    abc.AsyncGenerator,
)


def bean_methods(cls: type) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield the ``@bean`` methods of a class, those of its bases first, in order of definition."""
    names = dict.fromkeys(name for klass in reversed(cls.__mro__) for name in vars(klass))
    for name in names:
        member = inspect.getattr_static(cls, name)
        function = member.__func__ if isinstance(member, (staticmethod, classmethod)) else member
        if inspect.isfunction(function) and getattr(function, "__pyfly_bean__", False):
            yield name, function


def definition_of(owner: Registration, name: str, function: Callable[..., Any]) -> Registration | None:
    """Read one ``@bean`` method; without a usable return annotation it is no bean, and a warning says so."""
    kind = _kind_of(function)
    hint = _return_hint(owner.impl_type, name, function, kind)
    types, nullable = _classes_in(hint)
    if not types:
        log.warning(
            "bean_method_without_return_type",
            extra={"bean": f"{owner.impl_type.__name__}.{name}()", "action": "annotate what it returns"},
        )
        return None

    return Registration(
        types[0],
        scope=function.__pyfly_bean_scope__,  # type: ignore[attr-defined]  # set by @bean
        name=getattr(function, "__pyfly_bean_name__", name),
        primary=getattr(function, "__pyfly_bean_primary__", False),
        provided=tuple(types[1:]),
        hint=hint,
        method=BeanMethod(owner, name, function, kind, nullable),
        order=get_order(function),
        lazy=getattr(function, "__pyfly_lazy__", False),
    )


def _kind_of(function: Callable[..., Any]) -> ProducerKind:
    if inspect.isasyncgenfunction(function):
        return ProducerKind.ASYNC_GENERATOR

    if inspect.iscoroutinefunction(function):
        return ProducerKind.COROUTINE

    return ProducerKind.GENERATOR if inspect.isgeneratorfunction(function) else ProducerKind.PLAIN


def _return_hint(owner: type, name: str, function: Callable[..., Any], kind: ProducerKind) -> Any:
    annotations = raw_annotations(function)
    if "return" not in annotations:
        return None

    try:
        hint = evaluate(annotations["return"], function.__module__, vars(owner))
    except NameError as error:
        raise InjectionPointError(
            required_by=f"{owner.__name__}.{name}()",
            parameter=None,
            problem=f"The return annotation names '{error.name}', which is not known at run time",
            advice=f"Import '{error.name}' in {function.__module__} outside of any TYPE_CHECKING block.",
        ) from error
    except TypeError as error:
        raise InjectionPointError(
            required_by=f"{owner.__name__}.{name}()",
            parameter="return",
            problem=f"The return annotation {annotations['return']!r} cannot be read: {error}",
            advice=f"Write a type that exists at run time in {function.__module__}.",
        ) from error

    yields = kind in (ProducerKind.GENERATOR, ProducerKind.ASYNC_GENERATOR)
    return get_args(hint)[0] if yields and get_origin(hint) in _GENERATORS else hint


def _classes_in(hint: Any) -> tuple[list[type], bool]:
    """Return the classes of a return hint, and whether it allows for no bean at all."""
    if hint is Any:
        return [object], False

    origin = get_origin(hint)
    if origin is Union or origin is UnionType:
        members = [_classes_in(member)[0] for member in get_args(hint) if member is not NoneType]
        return [cls for member in members for cls in member], NoneType in get_args(hint)

    cls = origin or hint
    return ([cls] if isinstance(cls, type) and cls is not NoneType else []), False

# SPDX-License-Identifier: Apache-2.0
"""Injection points: the parameters and attributes through which a bean gets its collaborators."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, NamedTuple

from pyfly.container._annotations import evaluate, raw_annotations, type_variables
from pyfly.container._needs import MarkerNeed, Need, OptionalNeed, is_marker, read_need, substitute
from pyfly.container.autowired import Autowired
from pyfly.container.bean import Qualifier
from pyfly.container.exceptions import InjectionPointError

NO_DEFAULT: Any = inspect.Parameter.empty


class InjectionPoint(NamedTuple):
    """One parameter or attribute.

    Attributes:
        name: Name of the parameter or attribute.
        member: The member it belongs to, as error texts show it.
        need: What it asks for.
        default: What it falls back to, or ``NO_DEFAULT``.
        keyword: Passed by keyword rather than by position.
    """

    name: str
    member: str
    need: Need
    default: Any = NO_DEFAULT
    keyword: bool = False


class Shape(NamedTuple):
    """How something is called and completed: its parameters, and its injected attributes."""

    parameters: tuple[InjectionPoint, ...]
    fields: tuple[InjectionPoint, ...] = ()


def constructor_shape(cls: type) -> Shape:
    """Read the constructor parameters and injected attributes of a class."""
    fields = tuple(read_fields(cls))
    initializer: Any = inspect.getattr_static(cls, "__init__")
    if inspect.isfunction(initializer):
        member = f"{cls.__name__}.__init__()"
        return Shape(
            tuple(_read_parameters(initializer, member, type_variables(cls), vars(cls), skip=1)), fields
        )

    return Shape((), fields)


def method_shape(function: Callable[..., Any], owner: type) -> Shape:
    """Read the parameters of a ``@bean`` method."""
    plain = inspect.unwrap(getattr(function, "__func__", function))
    skip = 0 if isinstance(inspect.getattr_static(owner, plain.__name__, None), staticmethod) else 1
    member = f"{owner.__name__}.{plain.__name__}()"
    return Shape(tuple(_read_parameters(plain, member, type_variables(owner), vars(owner), skip=skip)))


def read_fields(cls: type) -> Iterator[InjectionPoint]:
    """Read the attributes of a class, inherited ones included, that are filled after construction."""
    found: dict[str, tuple[type, Any]] = {}
    for klass in reversed(cls.__mro__):
        for name, value in vars(klass).items():
            if isinstance(value, Autowired) or is_marker(value):
                found[name] = (klass, value)
            else:
                found.pop(name, None)

    variables = type_variables(cls) if found else {}
    for name, (klass, value) in found.items():
        member = f"{cls.__name__}.{name}"
        annotations = raw_annotations(klass)
        if name not in annotations:
            raise InjectionPointError(
                required_by=member,
                parameter=name,
                problem=f"The attribute '{name}' is injected but has no type annotation",
                advice=f"Annotate it: {name}: SomeClass = {value!r}",
            )

        hint = substitute(
            _evaluated(annotations[name], klass.__module__, vars(klass), member, name), variables
        )
        yield InjectionPoint(name, member, _field_need(value, hint))


def _field_need(value: Any, hint: Any) -> Need:
    if not isinstance(value, Autowired):
        return MarkerNeed(value, hint)

    need = read_need(hint if value.qualifier is None else Annotated[hint, Qualifier(value.qualifier)])
    return need if value.required or isinstance(need, OptionalNeed) else OptionalNeed(need)


def _read_parameters(
    function: Callable[..., Any],
    member: str,
    variables: Mapping[Any, Any],
    local_names: Mapping[str, Any],
    *,
    skip: int,
) -> Iterator[InjectionPoint]:
    annotations = raw_annotations(function)
    # Only names, kinds and defaults are taken from the signature; hints are evaluated one by one below.
    parameters = list(inspect.signature(function).parameters.values())[skip:]
    for parameter in parameters:
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue

        keyword = parameter.kind is parameter.KEYWORD_ONLY
        if parameter.name not in annotations:
            if parameter.default is NO_DEFAULT:
                raise InjectionPointError(
                    required_by=member,
                    parameter=parameter.name,
                    problem=f"The parameter '{parameter.name}' has neither a type annotation nor a default",
                    advice=f"Annotate it ({parameter.name}: SomeClass), or give it a default.",
                )

            continue

        module = function.__module__
        hint = _evaluated(annotations[parameter.name], module, local_names, member, parameter.name)
        need = read_need(substitute(hint, variables))
        yield InjectionPoint(
            parameter.name,
            member,
            need,
            parameter.default,
            keyword or _follows_gap(parameter, parameters, annotations),
        )


def _follows_gap(
    parameter: inspect.Parameter, parameters: list[inspect.Parameter], annotations: Mapping[str, Any]
) -> bool:
    """Return whether an earlier parameter is left to its default, which makes this one go by keyword."""
    if parameter.kind is not parameter.POSITIONAL_OR_KEYWORD:
        return False

    earlier = parameters[: parameters.index(parameter)]
    return any(other.name not in annotations for other in earlier)


def _evaluated(hint: Any, module: str, local_names: Mapping[str, Any], member: str, name: str) -> Any:
    try:
        return evaluate(hint, module, local_names)
    except NameError as error:
        missing = error.name or str(error)
        raise InjectionPointError(
            required_by=member,
            parameter=name,
            problem=f"The type hint {_shown(hint)} of '{name}' names '{missing}', which is not known at"
            f" run time in {module}",
            advice=f"Import '{missing}' in {module} outside of any TYPE_CHECKING block, at module level.",
        ) from error
    except TypeError as error:
        raise InjectionPointError(
            required_by=member,
            parameter=name,
            problem=f"The type hint {_shown(hint)} of '{name}' cannot be read: {error}",
            advice=f"Write a type that exists at run time in {module}.",
        ) from error


def _shown(hint: Any) -> str:
    return repr(hint) if isinstance(hint, str) else str(hint)

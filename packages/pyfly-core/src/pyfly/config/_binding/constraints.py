# SPDX-License-Identifier: Apache-2.0
"""Rules that ``Annotated`` adds to a type: which there are, and whether a value keeps them."""

import operator
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, NamedTuple

import annotated_types

from pyfly.config.data_size import DataSize

_READ_BEFORE = frozenset({"BeforeValidator", "PlainValidator", "WrapValidator"})
_NO_RULES = frozenset({"Discriminator", "Tag", "Unit", "DocInfo"})
_NO_RULES_FROM = ("pydantic.functional_serializers", "pydantic.json_schema")
_NOT_FOR_DATACLASSES = ("default_factory", "alias", "validation_alias", "frozen")


class Unsupported(Exception):
    """A constraint that cannot be checked where it stands."""

    def __init__(self, constraint: str, reason: str) -> None:
        super().__init__(constraint, reason)
        self.constraint = constraint
        self.reason = reason


class Subject(NamedTuple):
    """What is constrained.

    Attributes:
        native: The type of the values, None when it may be any.
        measure: What its length counts, as ``("item", "items")``; None when it has none.
        ordered: Whether its values may be compared.
    """

    native: type | None
    measure: tuple[str, str] | None
    ordered: bool


class Rule(NamedTuple):
    """One constraint.

    Attributes:
        limit: The limit it sets, as its name and value: ``("ge", 1)``; None for another kind of rule.
        clause: What it says of a value, to stand after "that"; empty for a limit.
        apply: Returns the value, or another in its place; raises ValueError or TypeError when it is broken.
    """

    limit: tuple[str, Any] | None
    clause: str
    apply: Callable[[Any], Any]


_COMPARISONS: dict[type, tuple[str, Callable[[Any, Any], bool]]] = {
    annotated_types.Ge: ("ge", operator.ge),
    annotated_types.Gt: ("gt", operator.gt),
    annotated_types.Le: ("le", operator.le),
    annotated_types.Lt: ("lt", operator.lt),
}
_SAMPLES: dict[type, tuple[Any, ...]] = {
    int: (0,),
    float: (0.0,),
    Decimal: (Decimal(0),),
    DataSize: (DataSize(0),),
    timedelta: (timedelta(0),),
    date: (date.min,),
    datetime: (datetime(1970, 1, 1), datetime.fromisoformat("1970-01-01T00:00:00+00:00")),
    str: ("",),
}


def rules_of(metadata: Iterable[Any], subject: Subject) -> list[Rule]:
    """Return the rules in the metadata of an annotation; what is no constraint is passed over.

    Raises:
        Unsupported: If a constraint cannot be checked for the subject.
    """
    return [_rule(constraint, subject) for constraint in _constraints_in(metadata)]


def _constraints_in(metadata: Iterable[Any]) -> Iterator[Any]:
    for item in metadata:
        kind = type(item)
        library = kind.__module__.partition(".")[0]
        if isinstance(item, annotated_types.GroupedMetadata):
            yield from _constraints_in(item)
        elif kind.__name__ == "FieldInfo" and library == "pydantic":
            yield from _constraints_in(_metadata_of_field(item))
        elif kind.__name__ in _NO_RULES or kind.__module__ in _NO_RULES_FROM:
            continue
        elif library == "pydantic" or isinstance(item, annotated_types.BaseMetadata | annotated_types.Not):
            yield item


def _metadata_of_field(info: Any) -> list[Any]:
    from pydantic_core import PydanticUndefined

    for name in _NOT_FOR_DATACLASSES:
        if getattr(info, name):
            raise Unsupported(f"Field({name}=...)", "a dataclass has its own way to say that")

    if info.default is not PydanticUndefined:
        raise Unsupported("Field(default=...)", "a dataclass has its own way to say that")

    return list(info.metadata)


def _rule(constraint: Any, subject: Subject) -> Rule:
    kind = type(constraint)
    if kind in _COMPARISONS:
        return _comparison(constraint, *_COMPARISONS[kind], subject)

    if isinstance(constraint, annotated_types.MinLen | annotated_types.MaxLen):
        return _length(constraint, subject)

    if isinstance(constraint, annotated_types.MultipleOf):
        return _multiple(constraint, subject)

    if isinstance(constraint, annotated_types.Predicate):
        return _predicate(constraint.func)

    if pattern := getattr(constraint, "pattern", None):
        return _pattern(constraint, pattern, subject)

    if kind.__module__ == annotated_types.__name__:
        raise Unsupported(repr(constraint), "no rule of this kind is known")

    return _judged_by_pydantic(constraint, subject)


def _comparison(constraint: Any, name: str, compare: Callable[[Any, Any], bool], subject: Subject) -> Rule:
    limit = getattr(constraint, name)
    if not subject.ordered or not _works(lambda sample: compare(sample, limit), subject):
        raise Unsupported(repr(constraint), f"the values cannot be compared with {limit!r}")

    return Rule((name, _like(limit, subject)), "", _checked(lambda value: compare(value, limit)))


def _length(constraint: Any, subject: Subject) -> Rule:
    if subject.measure is None:
        raise Unsupported(repr(constraint), "the values have no length")

    if isinstance(constraint, annotated_types.MinLen):
        least = constraint.min_length
        return Rule(("min", least), "", _checked(lambda value: len(value) >= least))

    most = constraint.max_length
    return Rule(("max", most), "", _checked(lambda value: len(value) <= most))


def _multiple(constraint: Any, subject: Subject) -> Rule:
    step = constraint.multiple_of

    def divides(value: Any) -> bool:
        rest = value % step
        if isinstance(value, float):
            slack = abs(value) * 1e-9
            return bool(abs(rest) <= slack or abs(rest - step) <= slack)

        return not rest

    if not subject.ordered or not _works(divides, subject):
        raise Unsupported(repr(constraint), f"the values cannot be divided by {step!r}")

    return Rule(None, f"is a multiple of {shown_limit(_like(step, subject))}", _checked(divides))


def _predicate(function: Callable[[Any], Any]) -> Rule:
    negated = isinstance(function, annotated_types.Not)
    inner = function.func if isinstance(function, annotated_types.Not) else function
    verb = "does not satisfy" if negated else "satisfies"
    return Rule(None, f"{verb} {_name_of(inner)}", _checked(function))


def _pattern(constraint: Any, pattern: Any, subject: Subject) -> Rule:
    if subject.measure != ("character", "characters") and subject.native is not None:
        raise Unsupported(f"pattern={pattern!r}", "the values are no text")

    try:
        expression = re.compile(pattern)
    except re.error as error:
        raise Unsupported(f"pattern={pattern!r}", f"it is no regular expression ({error})") from None

    if any(value is not None for key, value in vars(constraint).items() if key != "pattern"):
        raise Unsupported(repr(constraint), "write the pattern in a constraint of its own")

    return Rule(None, f"matches {expression.pattern}", _checked(lambda value: expression.search(value)))


def _judged_by_pydantic(constraint: Any, subject: Subject) -> Rule:
    from pydantic import TypeAdapter
    from pydantic.errors import PydanticSchemaGenerationError

    if type(constraint).__name__ in _READ_BEFORE:
        raise Unsupported(repr(constraint), "the value has been read before it could be called")

    try:
        judged: Any = Annotated[subject.native or Any, constraint]
        adapter: TypeAdapter[Any] = TypeAdapter(judged)
    except (PydanticSchemaGenerationError, TypeError, ValueError, RuntimeError, KeyError) as error:
        raise Unsupported(repr(constraint), str(error).partition("\n")[0]) from None

    function = getattr(constraint, "func", None)
    name = repr(constraint) if function is None else _name_of(function)
    return Rule(None, f"passes {name}", adapter.validate_python)


def _like(limit: Any, subject: Subject) -> Any:
    return DataSize(limit) if subject.native is DataSize and limit >= 0 else limit


def _works(check: Callable[[Any], Any], subject: Subject) -> bool:
    samples = _SAMPLES.get(subject.native) if subject.native else None
    if samples is None:
        return subject.native is None

    for sample in samples:
        try:
            check(sample)
        except (TypeError, ArithmeticError):
            continue

        return True

    return False


def _checked(holds: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def apply(value: Any) -> Any:
        if not holds(value):
            raise ValueError

        return value

    return apply


def _name_of(function: Any) -> str:
    name = getattr(function, "__qualname__", None) or repr(function)
    return "a condition" if "<lambda>" in name else str(name).rpartition("<locals>.")[2]


def shown_limit(limit: Any) -> str:
    """Return a limit as it is written in a configuration."""
    if isinstance(limit, timedelta):
        return _shown_duration(limit)

    if isinstance(limit, date):
        return limit.isoformat()

    return repr(limit) if isinstance(limit, str) else str(limit)


def _shown_duration(duration: timedelta) -> str:
    microseconds = abs(duration) // timedelta(microseconds=1)
    parts = []
    for unit, size in (("d", 86_400_000_000), ("h", 3_600_000_000), ("m", 60_000_000), ("s", 1_000_000)):
        amount, microseconds = divmod(microseconds, size)
        parts.append(f"{amount}{unit}" if amount else "")

    parts.append(f"{microseconds // 1000}ms" if microseconds >= 1000 else "")
    parts.append(f"{microseconds % 1000}us" if microseconds % 1000 else "")
    sign = "-" if duration < timedelta(0) else ""
    return sign + ("".join(parts) or "0s")

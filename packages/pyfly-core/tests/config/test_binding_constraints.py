# SPDX-License-Identifier: Apache-2.0
import math
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Annotated, Any

import pytest
from annotated_types import (
    Ge,
    Gt,
    Interval,
    Le,
    Len,
    LowerCase,
    Lt,
    MaxLen,
    MinLen,
    MultipleOf,
    Not,
    Predicate,
    Timezone,
    Unit,
)
from hypothesis import given
from hypothesis import strategies as st
from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PositiveInt,
    SecretStr,
    StringConstraints,
    WithJsonSchema,
)
from pydantic.fields import FieldInfo

from pyfly.config.binding import config_properties
from pyfly.config.data_size import DataSize
from pyfly.config.errors import BindingError, UnsupportedConstraintError
from pyfly.config.secret import Secret
from pyfly.config.store import Config
from pyfly.config.value import Value


def is_even(number: int) -> bool:
    return number % 2 == 0


def starts_upper(text: str) -> str:
    if not text[:1].isupper():
        raise ValueError("a capital is missing")

    return text


def bind(annotation: Any, value: object) -> Any:
    """Bind the one field `value` of a class made for it."""
    target = type("Target", (), {"__annotations__": {"value": annotation}})
    return Config({"t": {"value": value}}).bind(config_properties("t")(dataclass(target))).value


def problem(annotation: Any, value: object) -> str:
    with pytest.raises(BindingError) as caught:
        bind(annotation, value)

    (found,) = caught.value.problems
    return str(found).removesuffix(" (from applicationConfig)")


@pytest.mark.parametrize(
    ("annotation", "value", "text"),
    [
        (Annotated[int, Ge(1), Le(65535)], 0, "an integer from 1 to 65535, got 0"),
        (Annotated[int, Ge(1), Le(65535)], "x", "an integer from 1 to 65535, got 'x'"),
        (Annotated[int, Ge(1)], "0", "an integer of at least 1, got '0'"),
        (Annotated[float, Gt(0), Lt(1)], 1.0, "a number above 0 and below 1, got 1.0"),
        (Annotated[Decimal, Le(Decimal("1.5"))], "2", "a decimal number of at most 1.5, got '2'"),
        (Annotated[int, Interval(ge=1, lt=5)], 5, "an integer of at least 1 and below 5, got 5"),
        (
            Annotated[int, Field(ge=1, le=9, multiple_of=3)],
            4,
            "an integer from 1 to 9 that is a multiple of 3, got 4",
        ),
        (Annotated[timedelta, Gt(timedelta(0))], "0s", "a duration above 0s, got '0s'"),
        (Annotated[timedelta, Le(timedelta(minutes=90))], "2h", "a duration of at most 1h30m, got '2h'"),
        (Annotated[timedelta, Ge(timedelta(milliseconds=-5))], -1, "a duration of at least -5ms, got -1"),
        (Annotated[DataSize, Ge(1024)], "1B", "a data size of at least 1KB, got '1B'"),
        (
            Annotated[date, Ge(date(2026, 1, 2))],
            "2026-01-01",
            "a date of at least 2026-01-02, got '2026-01-01'",
        ),
        (Annotated[str, MinLen(3)], "ab", "text of at least 3 characters, got 'ab'"),
        (Annotated[str, MinLen(1)], "", "text of at least 1 character, got ''"),
        (Annotated[str, MaxLen(1)], "ab", "text of at most 1 character, got 'ab'"),
        (Annotated[str, Len(2, 2)], "abc", "text of 2 characters, got 'abc'"),
        (Annotated[str, Field(pattern="^[a-z]+$")], "A", "text that matches ^[a-z]+$, got 'A'"),
        (
            Annotated[str, StringConstraints(min_length=2, max_length=4), Field(pattern="^a")],
            "b",
            "text of 2 to 4 characters that matches ^a, got 'b'",
        ),
        (LowerCase[str], "A", "text that satisfies str.islower, got 'A'"),
        (Annotated[int, Predicate(is_even)], 3, "an integer that satisfies is_even, got 3"),
        (Annotated[int, Predicate(Not(is_even))], 2, "an integer that does not satisfy is_even, got 2"),
        (
            Annotated[int, Predicate(lambda number: number > 1)],
            1,
            "an integer that satisfies a condition, got 1",
        ),
        (Annotated[list[int], MinLen(1)], "", "a list of at least 1 item, got 0 items"),
        (Annotated[list[int], Len(1, 2)], "1,2,3", "a list of 1 to 2 items, got 3 items"),
        (Annotated[dict[str, int], MinLen(1)], {}, "a mapping of at least 1 entry, got 0 entries"),
        (Annotated[int | None, Ge(1)], 0, "an integer of at least 1, got 0"),
        (Annotated[int, Ge(1)] | None, 0, "an integer of at least 1, got 0"),
        (PositiveInt, 0, "an integer above 0, got 0"),
        (Annotated[str, AfterValidator(starts_upper)], "a", "text that passes starts_upper, got 'a'"),
        (Annotated[Secret, MinLen(9)], "hunter2", "text of at least 9 characters, got '******'"),
        (
            Annotated[SecretStr, Field(pattern="^[0-9]+$")],
            "hunter2",
            "text that matches ^[0-9]+$, got '******'",
        ),
        (Annotated[Any, Ge(3)], "a", "a value of at least 3, got 'a'"),
    ],
)
def test_problem_says_the_rule(annotation: Any, value: object, text: str) -> None:
    assert problem(annotation, value) == f"t.value: expected {text}"


@pytest.mark.parametrize(
    ("annotation", "value", "found"),
    [
        (Annotated[int, Ge(1), Le(65535)], "80", 80),
        (Annotated[float, MultipleOf(0.1)], 0.3, 0.3),
        (Annotated[datetime, Ge(datetime(2026, 1, 1))], "2026-01-02T00:00:00", datetime(2026, 1, 2)),
        (Annotated[Secret, MinLen(3)], "hunter2", Secret("hunter2")),
        (Annotated[list[int], MaxLen(2)], "1,2", [1, 2]),
        (Annotated[int | None, Ge(1)], None, None),
        (Annotated[str, StringConstraints(strip_whitespace=True)], " a ", "a"),
        (Annotated[float, Predicate(math.isfinite)], "1", 1.0),
        (Annotated[int, "a remark", Unit("s"), Value("${x}"), ["unhashable"], WithJsonSchema({})], "1", 1),
        (list[Annotated[int, ["unhashable"]]], "1", [1]),
    ],
)
def test_value_that_keeps_the_rule_is_taken(annotation: Any, value: object, found: object) -> None:
    assert bind(annotation, value) == found


def test_items_and_values_keep_their_rules() -> None:
    assert problem(list[Annotated[str, MinLen(1)]], ["a", ""]) == (
        "t.value[1]: expected text of at least 1 character, got ''"
    )
    assert problem(dict[str, Annotated[int, Gt(0)]], {"A": 1, "B": 0}) == (
        "t.value.B: expected an integer above 0, got 0"
    )
    assert problem(dict[Annotated[str, MaxLen(1)], int], {"AB": 1}) == (
        "t.value.AB: expected text of at most 1 character, got 'AB'"
    )


def test_variable_keeps_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_T_VALUE", "0")
    with pytest.raises(BindingError) as caught:
        bind(Annotated[int, Ge(1)], 5)

    assert caught.value.problems[0].source == "environment variable PYFLY_T_VALUE"


@given(st.integers(), st.integers(), st.integers())
def test_bounds_hold_for_every_number(number: int, least: int, most: int) -> None:
    annotation = Annotated[int, Ge(least), Le(most)]
    if least <= number <= most:
        assert bind(annotation, str(number)) == number
    else:
        assert problem(annotation, number) == (
            f"t.value: expected an integer from {least} to {most}, got {number}"
        )


@pytest.mark.parametrize(
    ("annotation", "constraint", "reason"),
    [
        (Annotated[str, Ge(3)], "Ge(ge=3)", "the values cannot be compared with 3"),
        (Annotated[timedelta, Gt(5)], "Gt(gt=5)", "the values cannot be compared with 5"),
        (Annotated[list[int], Gt(5)], "Gt(gt=5)", "the values cannot be compared with 5"),
        (Annotated[int, MinLen(3)], "MinLen(min_length=3)", "the values have no length"),
        (Annotated[int, MultipleOf(0)], "MultipleOf(multiple_of=0)", "the values cannot be divided by 0"),
        (Annotated[int, Field(pattern="a")], "pattern='a'", "the values are no text"),
        (
            Annotated[str, Field(pattern="(")],
            "pattern='('",
            "it is no regular expression (missing ), unterminated subpattern at position 0)",
        ),
        (Annotated[datetime, Timezone(None)], "Timezone(tz=None)", "no rule of this kind is known"),
        (Annotated[int, Field(alias="x")], "Field(alias=...)", "a dataclass has its own way to say that"),
        (Annotated[int, Field(default=1)], "Field(default=...)", "a dataclass has its own way to say that"),
        (list[Annotated[str, Ge(3)]], "Ge(ge=3)", "the values cannot be compared with 3"),
    ],
)
def test_constraint_that_cannot_be_checked_is_refused(annotation: Any, constraint: str, reason: str) -> None:
    with pytest.raises(UnsupportedConstraintError) as caught:
        bind(annotation, None)

    assert str(caught.value) == (
        f"Target.value: expected constraints that can be checked, got {constraint}: {reason}"
    )
    assert caught.value.action == f"Correct the annotation of Target.value, or take {constraint} out of it."


def test_validator_that_comes_too_late_is_refused() -> None:
    with pytest.raises(UnsupportedConstraintError, match="the value has been read before it could be called"):
        bind(Annotated[int, BeforeValidator(int)], "1")


@dataclass
class Deep:
    port: Annotated[int, MinLen(1)] = 0


@config_properties("shop")
@dataclass
class Shop:
    servers: list[Deep] = field(default_factory=list)


def test_constraint_of_a_class_that_no_setting_reaches_is_refused_as_well() -> None:
    with pytest.raises(UnsupportedConstraintError) as caught:
        Config().bind(Shop)

    assert (caught.value.target, caught.value.field) == ("Deep", "port")


def test_field_of_pydantic_as_the_default_of_a_dataclass_is_refused() -> None:
    @config_properties("shop")
    @dataclass
    class Misplaced:
        port: int = Field(default=1, ge=1)

    with pytest.raises(
        UnsupportedConstraintError, match=r"belongs into the annotation, Annotated\[\.\.\., Field"
    ):
        Config().bind(Misplaced)

    assert isinstance(Misplaced().port, FieldInfo)


def test_predicate_without_a_name_shows_as_it_is() -> None:
    text = problem(Annotated[int, Predicate(partial(is_even))], 1)
    assert text.startswith("t.value: expected an integer that satisfies functools.partial(")

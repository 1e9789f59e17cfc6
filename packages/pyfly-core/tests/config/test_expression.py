# SPDX-License-Identifier: Apache-2.0
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfly.config.expression import ExpressionError, evaluate, is_expression
from pyfly.config.store import Config

CONFIG = Config(
    {"workers": 4, "name": "shop", "text": "5", "off": "false", "zeros": "007", "list": [1, 2], "blank": ""}
)


@pytest.mark.parametrize(
    ("text", "expected"), [("#{1}", True), ("  #{1} ", True), ("${1}", False), ("x #{1}", False)]
)
def test_expression_is_the_whole_text(text: str, expected: bool) -> None:
    assert is_expression(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 * 5 + 1", 11),
        (" 1 + 1 ", 2),
        ("2 ** 10 // 3 % 7", 5),
        ("-3 / 2", -1.5),
        ("1 < 2 < 3", True),
        ("1 < 2 > 3", False),
        ("1 in [1, 2]", True),
        ("3 not in (1, 2)", True),
        ("null is None", True),
        ("0 or 'x'", "x"),
        ("'' and 1", ""),
        ("1 if true else 2", 1),
        ("true && !false || false", True),
        ("!1 == 0", True),
        ("!!true", True),
        ("!(1 == 1)", False),
        ("![1][0]", False),
        ("false ? 1 : true ? 2 : 3", 2),
        ("[true ? 1 : 2, 3][0]", 1),
        ("(1 > 2 ? 'a' : 'b') == 'b'", True),
        ("'a?b:c && d'", "a?b:c && d"),
        ("${workers} * 2", 8),
        ("${missing:3} + 1", 4),
        ("'${name}' == 'shop'", True),
        ("'<${name}-${workers}>'", "<shop-4>"),
        ("${name} == 'shop'", True),
        ("${text} + 1", 6),
        ("${off} ? 1 : 2", 2),
        ("${zeros} == '007'", True),
        ("${list}[1]", 2),
        ("${missing:[1, 2]}[0]", 1),
        ("${missing:'it'} + 's'", "its"),
        ("${blank} == ''", True),
        (r"'it\'s'", "it's"),
    ],
)
def test_expression_has_a_value(text: str, expected: object) -> None:
    found = evaluate(f"#{{{text}}}", CONFIG)
    assert (found, type(found)) == (expected, type(expected))


def test_environment_is_at_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGION_OF_TEST", "eu")
    assert evaluate("#{env['REGION_OF_TEST'] == 'eu'}") is True


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("open('x')", "a call is not allowed"),
        ("().__class__", "an attribute is not allowed"),
        ("[1, 2][0:1]", "a slice is not allowed"),
        ("lambda", "not an expression"),
        ("[x for x in [1]]", "ListComp is not allowed"),
        ("f'{1}'", "unknown name 'f'|not an expression|JoinedStr"),
        ("1 << 2", "the operator LShift is not allowed"),
        ("~1", "the operator Invert is not allowed"),
        ("workers", r"unknown name 'workers'; a setting is written \$\{workers\}"),
        ("${missing}", r"\$\{missing\}"),
        ("1 +", "not an expression"),
        ("(1", "is not closed"),
        ("1)", "unexpected"),
        ("'a", "a string is not closed"),
        ("1 ? 2", "a choice is written"),
        ("1 ?: 2", "a choice is written"),
        ("!", "needs an operand"),
        ("", "not an expression"),
        ("1 / 0", "ZeroDivisionError"),
        ("1 + 'a'", "TypeError"),
        ("[1][5]", "IndexError"),
        ("env['NOT_A_VARIABLE_OF_TEST']", "KeyError"),
        ("9 ** 9 ** 9", "too large"),
        ("(2 ** 9999) * (2 ** 9999)", "too large"),
        ("'x' * 1000000", "too large"),
        ("1000000 * [1]", "too large"),
        ("2.0 ** 99999", "OverflowError"),
        ("'%9999999d' % 1", "formatting with % is not allowed"),
        ("(" * 500 + "1" + ")" * 500, "too large|too many nested|not an expression"),
    ],
)
def test_anything_else_is_refused(text: str, reason: str) -> None:
    with pytest.raises(ExpressionError, match=reason):
        evaluate(f"#{{{text}}}", CONFIG)


def test_text_that_is_no_expression_is_refused() -> None:
    with pytest.raises(ExpressionError, match="not an expression"):
        evaluate("1 + 1")


NUMBER = st.integers(-50, 50).map(str) | st.sampled_from(["0.5", "1e2", "2.25"])
OPERATOR = st.sampled_from(["+", "-", "*", "/", "//", "%", "<", "<=", "==", "!=", ">", ">=", "and", "or"])
ARITHMETIC = st.recursive(
    NUMBER,
    lambda inner: (
        st.tuples(inner, OPERATOR, inner).map(lambda parts: f"({' '.join(parts)})")
        | inner.map(lambda text: f"-{text}")
        | inner.map(lambda text: f"(not {text})")
        | st.tuples(inner, inner, inner).map(lambda parts: f"({parts[0]} if {parts[1]} else {parts[2]})")
    ),
    max_leaves=12,
)


@given(ARITHMETIC)
def test_arithmetic_agrees_with_python(source: str) -> None:
    assert outcome(lambda: evaluate(f"#{{{source}}}")) == outcome(lambda: eval(source))


@given(ARITHMETIC, ARITHMETIC, ARITHMETIC)
def test_choice_agrees_with_python(condition: str, chosen: str, other: str) -> None:
    expected = outcome(lambda: eval(f"({chosen}) if ({condition}) else ({other})"))
    assert outcome(lambda: evaluate(f"#{{{condition} ? {chosen} : {other}}}")) == expected


@given(st.text("ab12()[]'\"!?:&|<=>+-*/% ,.{}$_", max_size=30))
def test_nothing_but_the_errors_of_expressions_comes_out(source: str) -> None:
    outcome(lambda: evaluate(f"#{{{source}}}"))


def outcome(compute: Any) -> object:
    try:
        return repr(compute())
    except (ExpressionError, ArithmeticError, TypeError):
        return "error"

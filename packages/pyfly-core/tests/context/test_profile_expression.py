# SPDX-License-Identifier: Apache-2.0
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfly.config.store import Config
from pyfly.context.environment import Environment, ProfileExpressionError

NAMES = ["dev", "prod", "eu-west", "v1.2", "blue_green"]


@dataclass
class Node:
    """An expression with its meaning, told apart from the parser: a truth function over the active names."""

    text: str
    holds: object

    def value(self, active: frozenset[str]) -> bool:
        return self.holds(active)


def leaf(name: str) -> Node:
    return Node(name, lambda active: name in active)


def negate(blank: str, inner: Node) -> Node:
    return Node(f"!{blank}({inner.text})", lambda active: not inner.value(active))


def join(sign: str, blank: str, parts: list[Node]) -> Node:
    text = f"{blank}{sign}{blank}".join(f"({part.text})" for part in parts)
    combine = all if sign == "&" else any
    return Node(text, lambda active: combine(part.value(active) for part in parts))


def flat(terms: list[list[tuple[int, str]]]) -> Node:
    """A sum of products without parentheses, so that precedence is what gives it its meaning."""
    text = " | ".join(" & ".join("!" * bangs + name for bangs, name in product) for product in terms)
    return Node(
        text,
        lambda active: any(
            all((name in active) != bool(bangs % 2) for bangs, name in product) for product in terms
        ),
    )


blanks = st.sampled_from(["", " ", "  ", "\t"])
trees = st.recursive(
    st.sampled_from(NAMES).map(leaf),
    lambda inner: st.one_of(
        st.builds(negate, blanks, inner),
        st.builds(join, st.sampled_from("&|"), blanks, st.lists(inner, min_size=1, max_size=3)),
    ),
    max_leaves=12,
)
sums = st.lists(
    st.lists(st.tuples(st.integers(0, 3), st.sampled_from(NAMES)), min_size=1, max_size=3),
    min_size=1,
    max_size=3,
).map(flat)
active_sets = st.frozensets(st.sampled_from(NAMES), min_size=1)


def environment(active: frozenset[str]) -> Environment:
    return Environment(Config({"pyfly": {"profiles": {"active": sorted(active)}}}))


class TestGeneratedExpressions:
    @given(trees, active_sets)
    def test_nested_expression_has_its_truth_function(self, node: Node, active: frozenset[str]) -> None:
        assert environment(active).accepts_profiles(node.text) is node.value(active)

    @given(sums, active_sets)
    def test_and_binds_tighter_than_or(self, node: Node, active: frozenset[str]) -> None:
        assert environment(active).accepts_profiles(node.text) is node.value(active)

    @given(st.lists(st.tuples(st.booleans(), st.sampled_from(NAMES)), min_size=2, max_size=4), active_sets)
    def test_comma_means_or(self, members: list[tuple[bool, str]], active: frozenset[str]) -> None:
        text = ",".join(("!" if negated else "") + name for negated, name in members)
        expected = any((name in active) != negated for negated, name in members)

        assert environment(active).accepts_profiles(text) is expected

    @given(st.text(alphabet="ab !&|(),%", max_size=12), active_sets)
    def test_any_text_is_a_boolean_or_a_profile_error(self, text: str, active: frozenset[str]) -> None:
        lenient = environment(active).accepts_profiles(text)
        try:
            strict = environment(active).accepts_declared_profile(text, "Bean")
        except ProfileExpressionError:
            strict = False

        assert lenient is strict


@pytest.mark.parametrize(
    ("expression", "problem"),
    [
        ("", "a profile name is missing at character 1"),
        ("!", "a profile name is missing at character 2"),
        ("a &", "a profile name is missing at character 4"),
        ("a b", "unexpected 'b' at character 3"),
        ("(a", "a closing parenthesis is missing at character 3"),
        ("a)", "unexpected ')' at character 2"),
        ("a && b", "a profile name is missing at character 4"),
        ("a $ b", "unexpected '$' at character 3"),
        ("a, b & c", "a comma and '&' do not go together at character 6"),
        (",", "a profile name is missing at character 2"),
        ("(" * 60 + "a" + ")" * 60, "more than 50 parentheses inside each other at character 52"),
    ],
)
def test_malformed_expression_names_bean_problem_and_place(expression: str, problem: str) -> None:
    with pytest.raises(ProfileExpressionError) as caught:
        environment(frozenset({"a"})).accepts_declared_profile(expression, "shop.OrderService")

    assert (caught.value.declared_by, caught.value.expression) == ("shop.OrderService", expression)
    assert problem in caught.value.problem
    assert "shop.OrderService" in str(caught.value)
    assert "shop.OrderService" in caught.value.description
    assert "parentheses" in caught.value.action

# SPDX-License-Identifier: Apache-2.0
"""The tree of routes against a matcher that tries every route with a regular expression."""

import re
import time
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyfly.web.routing import PathError, PathTemplate, RouteConflictError, RouteTable

KINDS = {
    "": "[^/]+",
    ":str": "[^/]+",
    ":int": "[0-9]+",
    ":float": r"[0-9]+(?:\.[0-9]+)?",
    ":uuid": "[0-9a-fA-F]{8}-?(?:[0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}",
    ":path": ".*",
}
VARIABLE = re.compile(r"\{[^{}:]*(:[a-z]+)?\}")
UUID = "8e03978e-40d5-43e8-bc93-6894a57f9324"

literals = st.sampled_from(["", "a", "b", "ab", "-", ".", "1", "a-", ".b", "é"])
kinds = st.sampled_from(["", ":str", ":int", ":float", ":uuid"])


@st.composite
def segments(draw: st.DrawFn, name: str) -> str:
    """Draw a segment of a template: literal, or with up to three variables."""
    parts = [draw(literals)]
    for number in range(draw(st.sampled_from([0, 0, 1, 1, 1, 2, 3]))):
        parts += [f"{{{name}{number}{draw(kinds)}}}", draw(literals)]

    return "".join(parts)


@st.composite
def templates(draw: st.DrawFn) -> str:
    """Draw a template of up to four segments."""
    depth = draw(st.integers(1, 4))
    found = [draw(segments("vwxy"[index])) for index in range(depth)]
    return "/" + "/".join([*found, "{rest:path}"] if draw(st.integers(0, 4)) == 0 else found)


texts = st.one_of(
    st.text(alphabet="ab1.-é", max_size=6),
    st.sampled_from(
        ["12", "1.5", "1..5", "a-1-b", UUID, UUID.replace("-", ""), "a-b.b", "--", "1-1-1", "\n"]
    ),
)
paths = st.lists(texts, min_size=1, max_size=5).map(lambda parts: "/" + "/".join(parts))
methods = st.sampled_from(["GET", "POST"])
routes = st.lists(st.tuples(methods, templates()), max_size=8)


class Route(NamedTuple):
    """A route as the reference knows it."""

    method: str
    template: str
    parts: list[str]
    expression: re.Pattern[str]


def expression_of(part: str) -> str:
    pieces = VARIABLE.split(part)
    variables = [KINDS[kind or ""] for kind in pieces[1::2]]
    return re.escape(pieces[0]) + "".join(
        f"({variable}){re.escape(literal)}" for variable, literal in zip(variables, pieces[2::2], strict=True)
    )


def reference_of(method: str, template: str) -> Route:
    parts = template[1:].split("/")
    expressions = [expression_of(part) for part in parts]
    return Route(method, template, expressions, re.compile("/" + "/".join(expressions), re.DOTALL))


def table_of(drawn: list[tuple[str, str]]) -> tuple[RouteTable[str], list[Route]]:
    table: RouteTable[str] = RouteTable()
    added: list[Route] = []
    for method, template in drawn:
        try:
            table.add(method, PathTemplate.parse(template), template)
        except RouteConflictError:
            continue

        added.append(reference_of(method, template))

    return table, added


def rank(route: Route, added: list[Route]) -> list[Any]:
    """Rank a route: literal text, then variables with more and less of it, then any text, then the rest."""
    ranks: list[Any] = []
    for index, (part, written) in enumerate(zip(route.parts, route.template[1:].split("/"), strict=True)):
        if "{" not in written:
            ranks.append((0, 0, 0))
        elif part == "(.*)":
            ranks.append((3, 0, 0))
        elif part == "([^/]+)":
            ranks.append((2, 0, 0))
        else:
            same = [it.parts[: index + 1] == route.parts[: index + 1] for it in added]
            ranks.append((1, -len(VARIABLE.sub("", written)), same.index(True)))

    return ranks


@settings(max_examples=400, deadline=None)
@given(routes, paths, methods)
def test_tree_finds_what_the_reference_finds(drawn: list[tuple[str, str]], path: str, method: str) -> None:
    table, added = table_of(drawn)
    fitting = [
        (it, match) for it in added if it.method == method and (match := it.expression.fullmatch(path))
    ]
    expected = None
    if fitting:
        best, match = min(fitting, key=lambda pair: rank(pair[0], added))
        expected = (best.template, match.groups())

    assert table.find(method, path) == expected


@settings(max_examples=200, deadline=None)
@given(routes, paths)
def test_tree_allows_what_the_reference_allows(drawn: list[tuple[str, str]], path: str) -> None:
    table, added = table_of(drawn)

    assert table.allowed(path) == {it.method for it in added if it.expression.fullmatch(path)}


@settings(max_examples=300, deadline=None)
@given(templates(), paths)
def test_template_matches_what_its_expression_matches(template: str, path: str) -> None:
    match = reference_of("GET", template).expression.fullmatch(path)

    assert PathTemplate.parse(template).match(path) == (None if match is None else match.groups())


FITTING = {
    "": ["a", "1", "11", "-", "1.", "a-1", "1-1"],
    ":str": ["a", "1"],
    ":int": ["1", "11", "111"],
    ":float": ["1", "11", "1.1", "11.11"],
    ":uuid": [UUID, UUID.replace("-", ""), UUID.upper()],
}


@st.composite
def crowded_segments(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a segment with two to four variables and next to nothing between them, and a text that fits it."""
    between = st.sampled_from(["", "", "1", ".", "-", "1.", "aa"])
    segment = text = draw(between)
    for number, kind in enumerate(draw(st.lists(kinds, min_size=2, max_size=4))):
        literal = draw(between)
        segment += f"{{v{number}{kind}}}{literal}"
        text += draw(st.sampled_from(FITTING[kind])) + literal

    return segment, text


@settings(max_examples=1000, deadline=None)
@given(crowded_segments())
def test_variables_of_one_segment_share_its_text_as_in_a_regular_expression(drawn: tuple[str, str]) -> None:
    segment, text = drawn
    match = re.fullmatch(expression_of(segment), text)

    assert match is not None
    assert PathTemplate.parse(f"/{segment}").match(f"/{text}") == match.groups()


@settings(max_examples=1000, deadline=None)
@given(crowded_segments(), st.text(alphabet="1.a-", max_size=9))
def test_variables_of_one_segment_refuse_what_a_regular_expression_refuses(
    drawn: tuple[str, str], text: str
) -> None:
    match = re.fullmatch(expression_of(drawn[0]), text)

    assert PathTemplate.parse(f"/{drawn[0]}").match(f"/{text}") == (None if match is None else match.groups())


@given(st.text(max_size=30), st.text(max_size=30))
def test_no_template_and_no_path_is_too_strange(template: str, path: str) -> None:
    table: RouteTable[str] = RouteTable()
    try:
        table.add("GET", PathTemplate.parse(f"/{template}"), "found")
    except PathError:
        return

    found = table.find("GET", path)
    assert found is None or path.startswith("/")
    assert table.allowed(path) == (set() if found is None else {"GET"})


@pytest.mark.parametrize("path", ["admin", "xadmin", "", "*", "http://a/admin", "?/admin"])
def test_what_does_not_begin_with_a_slash_is_no_path(path: str) -> None:
    table, _ = table_of([("GET", "/admin"), ("GET", "/{any}"), ("GET", "/{x}/{rest:path}")])

    assert table.find("GET", path) is None
    assert table.allowed(path) == set()
    assert PathTemplate.parse("/{any}").match(path) is None


ADVERSARIES = [
    ("/{a}-{b}.json", "-"),
    ("/{a}-{b}-{c}.json", "-"),
    ("/{a}-{b}-{c}-{d}-{e}.json", "-"),
    ("/{a}{b}{c}{d}x", "a"),
    ("/{a}aa{b}aa{c}x", "a"),
    ("/{a:int}{b:int}{c:int}x", "1"),
    ("/{a:float}{b:float}{c:float}x", "1"),
    ("/{a:float}.{b:float}.{c:float}x", "1."),
    ("/{a}1{b:int}1{c}x", "1"),
    ("/{a}-{b:int}-{c}-{d:int}x", "-1"),
    ("/{a:int}-{b}-{c:int}-{d}.x", "1-"),
    ("/{a:uuid}{b}{c:uuid}x", "a"),
    ("/v{a:float}x", "1."),
    ("/{rest:path}", "a/"),
    ("/{a}/{b}/{c}/{rest:path}", "a/"),
]


def seconds(table: RouteTable[str], path: str) -> float:
    """Return the shortest of five measurements."""
    found: list[float] = []
    for _ in range(5):
        start = time.perf_counter()
        table.find("GET", path)
        table.allowed(path)
        found.append(time.perf_counter() - start)

    return min(found)


@pytest.mark.parametrize(("template", "text"), ADVERSARIES)
def test_time_grows_with_the_length_of_the_path_alone(template: str, text: str) -> None:
    table, _ = table_of([("GET", template)])
    short, long = (seconds(table, "/" + text * (size // len(text)) + "!") for size in (2_000, 16_000))

    # Quadratic time would make it 64 times as long; what is too short to be measured does not matter.
    assert long < max(24 * short, 0.002)
    assert long < 0.5


def test_time_grows_with_the_number_of_routes_alone() -> None:
    def table(depth: int) -> RouteTable[str]:
        choices = ["a", "{%s:int}a", "{%s}"]
        drawn = [[]]
        for level in range(depth):
            drawn = [
                [*head, choice % f"v{level}" if "%" in choice else choice]
                for head in drawn
                for choice in choices
            ]

        return table_of([("GET", "/" + "/".join([*parts, "end"])) for parts in drawn])[0]

    few, many = (seconds(table(depth), "/" + "/".join(["a"] * depth + ["other"])) for depth in (3, 6))

    assert many < max(27 * 4 * few, 0.01)

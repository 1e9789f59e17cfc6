# SPDX-License-Identifier: Apache-2.0
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfly.web.routing import PathTemplate, RouteConflictError, RouteTable

ROUTES = ["/items/search", "/items/{id:int}", "/items/{name}.json", "/items/{id}", "/items/{rest:path}"]


def table_of(*routes: str) -> RouteTable[str]:
    table: RouteTable[str] = RouteTable()
    for route in routes:
        method, path = route.split(" ")
        table.add(method, PathTemplate.parse(path), route)

    return table


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/items/search", "/items/search"),
        ("/items/7", "/items/{id:int}"),
        ("/items/tea.json", "/items/{name}.json"),
        ("/items/tea", "/items/{id}"),
        ("/items/a/b", "/items/{rest:path}"),
        ("/items/", "/items/{rest:path}"),
    ],
)
def test_most_specific_route_wins_whatever_the_order(path: str, route: str) -> None:
    for order in permutations(ROUTES):
        table = table_of(*(f"GET {each}" for each in order))

        found = table.find("GET", path)

        assert found is not None
        assert found[0] == f"GET {route}"


def test_texts_of_the_variables_come_in_order() -> None:
    table = table_of("GET /a/{x}/b/{y:int}/{z:path}")

    assert table.find("GET", "/a/1/b/2/3/4") == ("GET /a/{x}/b/{y:int}/{z:path}", ("1", "2", "3/4"))


def test_less_specific_route_serves_the_method_that_the_other_lacks() -> None:
    table = table_of("GET /items/search", "POST /items/{id}")

    assert table.find("POST", "/items/search") == ("POST /items/{id}", ("search",))


def test_search_backs_out_of_dead_ends() -> None:
    table = table_of("GET /a/b/c", "GET /{x}/b/d")

    assert table.find("GET", "/a/b/d") == ("GET /{x}/b/d", ("a",))


def test_variable_does_not_take_an_empty_segment() -> None:
    assert table_of("GET /items/{id}").find("GET", "/items/") is None


def test_trailing_slash_is_another_path() -> None:
    assert table_of("GET /items").find("GET", "/items/") is None


def test_allowed_methods_are_those_of_all_matching_routes() -> None:
    table = table_of("GET /items/search", "POST /items/{id}", "PUT /other")

    assert table.allowed("/items/search") == {"GET", "POST"}
    assert table.allowed("/nothing") == set()


def test_same_method_and_path_conflict_whatever_the_variable_is_called() -> None:
    table = table_of("GET /items/{id}")

    with pytest.raises(RouteConflictError) as caught:
        table.add("GET", PathTemplate.parse("/items/{name}"), "second")

    assert caught.value.existing == "GET /items/{id}"


@given(st.lists(st.sampled_from(["a", "b", "{x}", "{y:int}", "7"]), min_size=1, max_size=4))
def test_every_template_finds_a_path_made_from_it(segments: list[str]) -> None:
    template = "/" + "/".join(
        part.replace("x", f"x{index}").replace("y", f"y{index}") for index, part in enumerate(segments)
    )
    path = "/" + "/".join("7" if "{" in part else part for part in segments)

    found = table_of(f"GET {template}").find("GET", path)

    assert found is not None
    assert len(found[1]) == template.count("{")

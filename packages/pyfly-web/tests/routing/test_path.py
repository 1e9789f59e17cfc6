# SPDX-License-Identifier: Apache-2.0
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfly.web.routing import PathError, PathTemplate, join_paths


@pytest.mark.parametrize(
    ("parts", "joined"),
    [
        (("/api/items", ""), "/api/items"),
        (("/api/items", "/"), "/api/items/"),
        (("/api", "items"), "/api/items"),
        (("/api/", "/items"), "/api/items"),
        (("", ""), "/"),
        (("api", "{id}"), "/api/{id}"),
    ],
)
def test_parts_are_joined_with_one_slash(parts: tuple[str, ...], joined: str) -> None:
    assert join_paths(*parts) == joined


@given(st.lists(st.text(alphabet="ab/", max_size=6), max_size=4))
def test_joined_path_is_normal(parts: list[str]) -> None:
    joined = join_paths(*parts)

    assert joined.startswith("/")
    assert "//" not in joined


def test_template_knows_its_variables() -> None:
    assert PathTemplate.parse("/orders/{order_id:int}/files/{name}.json").names == ("order_id", "name")


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("/a?b", "'/a?b' contains '?', which is never part of a path"),
        ("/a b", "'/a b' contains ' ', which is never part of a path"),
        ("/{a", "'/{a' has a brace without its partner"),
        ("/{}", "'/{}': {} does not begin with a name"),
        ("/{1a}", "'/{1a}': {1a} does not begin with a name"),
        ("/{a}/{a}", "'/{a}/{a}' names the variable 'a' twice"),
        (
            "/{a:date}",
            "'/{a:date}': 'date' is no kind of variable; known are str, int, float, uuid, path",
        ),
        ("/{a:path}/b", "'/{a:path}/b': {a:path} takes the rest of the path and must come last"),
        ("/x{a:path}", "'/x{a:path}': a {name:path} variable must have its segment for itself"),
    ],
)
def test_impossible_path_is_refused(path: str, message: str) -> None:
    with pytest.raises(PathError) as caught:
        PathTemplate.parse(path)

    assert str(caught.value) == message

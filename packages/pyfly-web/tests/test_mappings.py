# SPDX-License-Identifier: Apache-2.0
import pytest

from pyfly.web import (
    delete_mapping,
    deprecated,
    get_mapping,
    patch_mapping,
    post_mapping,
    put_mapping,
    request_mapping,
)
from pyfly.web.mappings import MethodMapping


@pytest.mark.parametrize(
    ("decorator", "method"),
    [
        (get_mapping, "GET"),
        (post_mapping, "POST"),
        (put_mapping, "PUT"),
        (patch_mapping, "PATCH"),
        (delete_mapping, "DELETE"),
    ],
)
def test_method_mapping_marks_the_function(decorator: MethodMapping, method: str) -> None:
    def handler() -> None: ...

    marked = decorator("/x", status_code=202)(handler)

    assert marked is handler
    assert vars(handler)["__pyfly_mapping__"] == {"method": method, "path": "/x", "status_code": 202}


def test_method_mapping_has_defaults() -> None:
    @get_mapping()
    def handler() -> None: ...

    assert vars(handler)["__pyfly_mapping__"] == {"method": "GET", "path": "", "status_code": 200}


def test_decorators_are_named() -> None:
    assert get_mapping.__name__ == get_mapping.__qualname__ == "get_mapping"


@pytest.mark.parametrize(("path", "kept"), [("/api/items", "/api/items"), ("/api/", "/api"), ("/", "")])
def test_request_mapping_drops_the_trailing_slash(path: str, kept: str) -> None:
    class Controller: ...

    marked = request_mapping(path)(Controller)

    assert marked is Controller
    assert vars(Controller)["__pyfly_request_mapping__"] == kept


def test_deprecated_marks_the_function() -> None:
    def handler() -> None: ...

    marked = deprecated(handler)

    assert marked is handler
    assert vars(handler)["__pyfly_deprecated__"] is True

# SPDX-License-Identifier: Apache-2.0
import re
from hashlib import sha256
from importlib.resources import files

import pytest

from pyfly.web.documentation import documentation_assets

FOLDER = files("pyfly.web.documentation") / "static"
LISTED = dict(
    re.findall(r"^\| `([^`]+)` \|.*\| `([0-9a-f]{64})` \|$", (FOLDER / "README.md").read_text(), re.M)
)


def test_files_are_found_by_name_alone() -> None:
    assert sorted(documentation_assets()) == [
        "favicon-32x32.png",
        "oauth2-redirect.html",
        "oauth2-redirect.js",
        "page.css",
        "redoc-init.js",
        "redoc.standalone.js",
        "swagger-ui-bundle.js",
        "swagger-ui-init.js",
        "swagger-ui.css",
    ]


def test_media_types_are_those_of_the_files() -> None:
    types = {name: asset.media_type.partition(";")[0] for name, asset in documentation_assets().items()}

    assert types["swagger-ui.css"] == "text/css"
    assert types["swagger-ui-bundle.js"] == "text/javascript"
    assert types["favicon-32x32.png"] == "image/png"
    assert types["oauth2-redirect.html"] == "text/html"


def test_nobody_can_change_the_set() -> None:
    with pytest.raises(TypeError):
        documentation_assets()["more.js"] = None  # type: ignore[index]  # that it cannot be changed is the test


@pytest.mark.parametrize("path", sorted(LISTED))
def test_files_of_others_are_as_they_are_listed(path: str) -> None:
    assert sha256(FOLDER.joinpath(path).read_bytes()).hexdigest() == LISTED[path]


def test_every_file_of_others_is_listed_and_has_its_licence() -> None:
    others = {
        f"{folder}/{each.name}" for folder in ("swagger-ui", "redoc") for each in (FOLDER / folder).iterdir()
    }

    assert {path for path in others if not re.search("LICENSE|NOTICE", path)} == set(LISTED)
    assert {"swagger-ui/LICENSE", "redoc/LICENSE"} <= others


@pytest.mark.parametrize("name", ["redoc.standalone.js", "swagger-ui-bundle.js", "swagger-ui.css"])
def test_files_ask_for_no_source_maps(name: str) -> None:
    content = documentation_assets()[name].content.decode()

    assert not re.search(r"sourceMappingURL=[\w.-]+\.map", content)


def test_redoc_loads_no_picture_from_elsewhere() -> None:
    assert b"cdn.redoc.ly" not in documentation_assets()["redoc.standalone.js"].content

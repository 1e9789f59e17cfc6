# SPDX-License-Identifier: Apache-2.0
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest

from pyfly.web.documentation import Page, documentation_assets, redoc_page, swagger_ui_page

Render = Callable[..., Page]

PAGES = pytest.mark.parametrize("render", [swagger_ui_page, redoc_page])


class Elements(HTMLParser):
    """Collects what a page consists of."""

    def __init__(self, page: Page) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page.content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def all(self, tag: str) -> list[dict[str, Any]]:
        return [attributes for name, attributes in self.found if name == tag]

    def addresses(self) -> list[str]:
        return [each["href"] for each in self.all("link")] + [each["src"] for each in self.all("script")]


@PAGES
def test_title_cannot_become_markup(render: Render) -> None:
    page = render('<script>alert("x")</script> & co')

    assert b"<script>alert" not in page.content
    assert '<script>alert("x")</script> & co' in Elements(page).text


@PAGES
def test_url_of_the_document_cannot_become_markup(render: Render) -> None:
    page = render("Shop", openapi_url='"><script>alert(1)</script>')

    assert b"<script>alert" not in page.content


@PAGES
def test_nothing_comes_from_another_host(render: Render) -> None:
    page = render("Shop")

    assert not re.search(rb"https?://|//cdn", page.content)


@PAGES
def test_files_of_the_page_exist_and_carry_their_version(render: Render) -> None:
    files = documentation_assets()
    used = [address for address in Elements(render("Shop")).addresses() if address != "data:,"]

    assert used
    for address in used:
        folder, name, version = re.fullmatch(r"(docs/assets)/([^?]+)\?v=(.+)", address).groups()  # type: ignore[union-attr]
        assert (folder, files[name].version) == ("docs/assets", version)


@PAGES
def test_nothing_runs_but_files(render: Render) -> None:
    page = render("Shop")

    assert all(script["src"] for script in Elements(page).all("script"))
    assert not re.search(rb"\son\w+=|style=|javascript:", page.content)
    policy = page.headers["content-security-policy"].split("; ")
    assert {"default-src 'none'", "script-src 'self'", "base-uri 'none'", "connect-src 'self'"} <= set(policy)


@pytest.mark.parametrize(
    ("path", "openapi_url", "shown"),
    [
        ("/docs", "/openapi.json", "openapi.json"),
        ("/api/docs", "/api/openapi.json", "openapi.json"),
        ("/docs/", "/openapi.json", "../openapi.json"),
        ("/deep/down/docs", "/openapi.json", "../../openapi.json"),
        ("/docs", "https://shop.example/openapi.json", "https://shop.example/openapi.json"),
        ("/docs", "spec.json", "spec.json"),
    ],
)
def test_document_is_addressed_from_where_the_page_is(path: str, openapi_url: str, shown: str) -> None:
    (place,) = Elements(swagger_ui_page("Shop", path=path, openapi_url=openapi_url)).all("div")
    (other,) = Elements(redoc_page("Shop", path=path, openapi_url=openapi_url)).all("div")

    assert place["data-url"] == other["data-url"] == shown


def test_files_are_addressed_from_where_the_page_is() -> None:
    page = swagger_ui_page("Shop", path="/api/docs", assets_url="/files/")

    assert all(address.startswith("../files/") for address in Elements(page).addresses())


def test_swagger_ui_has_its_options() -> None:
    page = Elements(swagger_ui_page("Shop"))

    (place,) = page.all("div")
    assert place["id"] == "swagger-ui"
    assert place["data-options"].split("; ") == [
        'layout: "BaseLayout"',
        "deepLinking: true",
        "filter: true",
        "persistAuthorization: true",
        "showExtensions: true",
        "showCommonExtensions: true",
        "displayRequestDuration: true",
        'docExpansion: "list"',
        'operationsSorter: "alpha"',
        'tagsSorter: "alpha"',
        "validatorUrl: null",
    ]
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in page.all("meta")


def test_redoc_has_its_options() -> None:
    page = Elements(redoc_page("Shop"))

    (place,) = page.all("div")
    assert place["id"] == "redoc"
    assert place["data-options"].split("; ") == [
        'expandResponses: "200,201"',
        "pathInMiddlePanel: true",
        "nativeScrollbars: true",
        "requiredPropsFirst: true",
    ]
    assert "Redoc.init" in page.text
    assert page.all("noscript")


def test_swagger_ui_may_send_requests_to_named_origins() -> None:
    page = swagger_ui_page("Shop", origins=["https://api.example"])

    assert "connect-src 'self' https://api.example" in page.headers["content-security-policy"]

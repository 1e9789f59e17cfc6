# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Match, Mount, Route
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from pyfly.web import PathVar, get_mapping, request_mapping, rest_controller

Serve = Callable[..., AbstractContextManager[TestClient]]


@rest_controller
@request_mapping("/items")
class Items:
    @get_mapping("/{item_id}")
    async def find(self, item_id: PathVar[int]) -> int:
        return item_id


class AnyTail(BaseRoute):
    """A route that the table of routes knows nothing of."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        return (Match.FULL if scope["path"].endswith("/tail") else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("tail")(scope, receive, send)


async def show_url(request: Request) -> Response:
    return PlainTextResponse(str(request.url_for("Items.find", item_id=7)))


def test_paths_of_no_controller_reach_other_kinds_of_routes(serve: Serve) -> None:
    mount = Mount("/files", PlainTextResponse("a file"))

    with serve(Items, extra_routes=[mount, AnyTail()]) as client:
        assert client.get("/files/a/b").text == "a file"
        assert client.get("/items/7/tail").text == "tail"
        assert client.get("/nothing/here").status_code == 404
        assert client.get("/items/7").json() == 7


def test_routes_that_are_added_or_put_in_front_later_are_served(serve: Serve) -> None:
    with serve(Items) as client:
        app: Starlette = client.app  # type: ignore[assignment]  # what the fixture serves
        assert client.get("/late/x").status_code == 404

        app.mount("/late", PlainTextResponse("late"))
        app.router.routes.insert(0, Mount("/first", PlainTextResponse("first")))

        assert client.get("/late/x").text == "late"
        assert client.get("/first/x").text == "first"
        assert client.get("/items/7").json() == 7


@pytest.mark.parametrize(
    ("asked", "led_to"), [("/items/7/", "/items/7"), ("/there", "/there/"), ("/there/?a=1", None)]
)
def test_other_ending_of_a_path_is_redirected_to(serve: Serve, asked: str, led_to: str | None) -> None:
    route = Route("/there/", show_url)

    with serve(Items, extra_routes=[route]) as client:
        answer = client.get(asked, follow_redirects=False)

    assert answer.headers.get("location") == (None if led_to is None else f"http://testserver{led_to}")


def test_other_routes_find_urls_of_controllers(serve: Serve) -> None:
    mount = Mount("/below", Route("/{rest:path}", show_url))

    with serve(Items, extra_routes=[mount]) as client:
        assert client.get("/below/it").text == "http://testserver/items/7"

# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable
from pathlib import Path

from starlette.applications import Starlette
from starlette.endpoints import HTTPEndpoint
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Host, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocket

from pyfly.config.store import Config
from pyfly.container.stereotypes import rest_controller
from pyfly.context.application_context import ApplicationContext
from pyfly.web.adapters.starlette.app import create_app
from pyfly.web.mappings import get_mapping
from pyfly.web.served_routes import ServedRoute
from pyfly.websocket import WebSocketSession, websocket_mapping

HERE = __name__


async def hello(request: Request) -> Response:
    return PlainTextResponse("hello")


async def chat(websocket: WebSocket) -> None: ...


class Page(HTTPEndpoint): ...


class Greeter:
    async def greet(self, request: Request) -> Response:
        return PlainTextResponse("hello")


@rest_controller
class TeaController:
    @get_mapping("/teas")
    async def teas(self) -> str:
        return "green"

    @websocket_mapping("/taste")
    async def taste(self, session: WebSocketSession) -> None: ...


def routes_of(*routes: BaseRoute) -> list[ServedRoute]:
    app = create_app(extra_routes=routes, docs_enabled=False)
    found: list[ServedRoute] = app.served_routes()  # type: ignore[attr-defined]  # create_app promises a Starlette
    return found


def facts(route: ServedRoute) -> tuple[str, tuple[str, ...], str, str]:
    return route.kind, route.methods, route.path, route.handler


def test_functions_methods_and_classes_are_named() -> None:
    found = routes_of(
        Route("/function", hello, methods=["GET", "POST"], name="greeting"),
        Route("/method", Greeter().greet),
        Route("/class", Page),
        WebSocketRoute("/chat", chat),
    )

    assert [facts(it) for it in found] == [
        ("http", ("GET", "POST"), "/function", f"{HERE}#hello"),
        ("http", ("GET",), "/method", "Greeter#greet"),
        ("http", (), "/class", "Page"),
        ("websocket", (), "/chat", f"{HERE}#chat"),
    ]
    assert [(it.class_name, it.handler_name) for it in found] == [
        (HERE, "hello"),
        (f"{HERE}.Greeter", "greet"),
        (f"{HERE}.Page", ""),
        (HERE, "chat"),
    ]
    assert found[0].name == "greeting"


def test_mounts_are_opened_up(tmp_path: Path) -> None:
    inner = Starlette(routes=[Route("/hello", hello), Mount("/deep", routes=[Route("/er", hello)])])

    found = routes_of(
        Mount("/files", StaticFiles(directory=tmp_path), name="files"),
        Mount("/inner", inner),
        Host("tea.example", inner),
    )

    assert [facts(it) for it in found] == [
        ("mount", (), "/files", "StaticFiles"),
        ("http", ("GET",), "/inner/hello", f"{HERE}#hello"),
        ("http", ("GET",), "/inner/deep/er", f"{HERE}#hello"),
        ("http", ("GET",), "/hello", f"{HERE}#hello"),
        ("http", ("GET",), "/deep/er", f"{HERE}#hello"),
    ]


def test_a_mounted_application_tells_its_controllers(new_context: Callable[..., ApplicationContext]) -> None:
    inner = create_app(context=new_context(TeaController), docs_enabled=False)

    assert [facts(it) for it in routes_of(Mount("/shop", inner))] == [
        ("http", ("GET",), "/shop/teas", "TeaController#teas"),
        ("websocket", (), "/shop/taste", "TeaController#taste"),
    ]


def test_static_files_of_the_configuration_are_told(tmp_path: Path) -> None:
    config = Config({"pyfly": {"web": {"static": {"directory": str(tmp_path)}}}})

    app = create_app(context=ApplicationContext(config), docs_enabled=False)

    (files,) = app.served_routes()  # type: ignore[attr-defined]  # create_app promises a Starlette
    assert facts(files) == ("mount", (), "/static", "ConfiguredStaticFiles")

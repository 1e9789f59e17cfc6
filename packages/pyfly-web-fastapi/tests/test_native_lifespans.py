# SPDX-License-Identifier: Apache-2.0
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient

from pyfly.container.stereotypes import rest_controller, service
from pyfly.context.lifecycle import post_construct, pre_destroy
from pyfly.web import get_mapping
from pyfly.web.adapters.fastapi.app import create_app

JOURNAL: list[str] = []


@service
class Store:
    @post_construct
    async def open(self) -> None:
        JOURNAL.append("store opened")

    @pre_destroy
    async def close(self) -> None:
        JOURNAL.append("store closed")


@rest_controller
class PageController:
    @get_mapping("/page")
    async def page(self) -> str:
        return "page of the controller"


@asynccontextmanager
async def router_lifespan(app: Any) -> AsyncIterator[None]:
    JOURNAL.append("router started")
    yield
    JOURNAL.append("router stopped")


def test_lifespan_of_a_router_runs_inside_that_of_the_context(serve: Any) -> None:
    JOURNAL.clear()
    router = APIRouter(lifespan=router_lifespan)

    with serve(Store, prepare=lambda app: app.include_router(router)):
        assert JOURNAL == ["store opened", "router started"]

    assert JOURNAL == ["store opened", "router started", "router stopped", "store closed"]


async def test_handlers_of_start_and_stop_run_without_a_lifespan(new_context: Any) -> None:
    JOURNAL.clear()
    context = new_context(PageController)
    await context.start()
    app = create_app(context=context)
    app.router.add_event_handler("startup", lambda: JOURNAL.append("up"))
    app.router.add_event_handler("shutdown", lambda: JOURNAL.append("down"))

    with TestClient(app) as client:
        assert client.get("/page").json() == "page of the controller"
        assert JOURNAL == ["up"]

    assert JOURNAL == ["up", "down"]
    await context.stop()


def test_files_of_a_frontend_come_after_controllers(serve: Any, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<p>frontend</p>", "utf-8")
    (tmp_path / "page").write_text("never", "utf-8")

    def prepare(app: FastAPI) -> None:
        app.frontend("/", directory=str(tmp_path))

    with serve(PageController, prepare=prepare) as client:
        assert client.get("/page").json() == "page of the controller"
        assert client.get("/index.html").text == "<p>frontend</p>"
        assert client.get("/nothing.txt").json()["code"] == "NOT_FOUND"


def test_other_hosts_are_served_by_their_application(serve: Any) -> None:
    inner = FastAPI()
    inner.get("/who")(lambda: "inner")

    with serve(PageController, prepare=lambda app: app.host("inner.test", inner)) as client:
        assert client.get("http://inner.test/who").json() == "inner"
        assert client.get("/who").status_code == 404

# SPDX-License-Identifier: Apache-2.0
"""The service as a controller of ours."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from benchmarks.web.models import (
    ITEMS,
    Item,
    NewOrder,
    Order,
    UnknownItemError,
    chunks_of_download,
    find_item,
    place,
)
from pyfly.config.store import Config
from pyfly.context.application_context import ApplicationContext
from pyfly.kernel.exceptions import ResourceNotFoundException
from pyfly.web import (
    Body,
    File,
    PathVar,
    QueryParam,
    UploadedFile,
    Valid,
    get_mapping,
    post_mapping,
    rest_controller,
)
from pyfly.web.adapters.starlette.app import create_app
from pyfly.web.adapters.starlette.filter_chain import WebFilterChainMiddleware
from pyfly.web.ports.filter import CallNext

WITHOUT_ACCESS_LOG = {"request-logging": {"enabled": False}}


@rest_controller
class Service:
    @get_mapping("/items/{item_id}")
    async def get_item(self, item_id: PathVar[int], name: QueryParam[str]) -> Item:
        try:
            return find_item(item_id, name)
        except UnknownItemError as error:
            raise ResourceNotFoundException(str(error), code="ITEM_NOT_FOUND") from error

    @get_mapping("/items")
    async def list_items(self) -> list[Item]:
        return ITEMS

    @post_mapping("/orders", status_code=201)
    async def place_order(self, new: Valid[NewOrder]) -> Order:
        return place(new)

    @post_mapping("/uploads/whole")
    async def take_whole(self, content: Body[bytes]) -> dict[str, int]:
        return {"size": len(content)}

    @post_mapping("/uploads/stream")
    async def take_stream(self, request: Request) -> dict[str, int]:
        size = 0
        async for chunk in request.stream():
            size += len(chunk)

        return {"size": size}

    @post_mapping("/uploads/file")
    async def take_file(self, file: File[UploadedFile]) -> dict[str, int]:
        return {"size": len(await file.read())}

    @get_mapping("/download")
    async def give_stream(self) -> Response:
        return StreamingResponse(chunks_of_download(), media_type="application/octet-stream")


class PassThrough:
    """A user's filter that does nothing."""

    async def do_filter(self, request: Any, call_next: CallNext) -> Any:
        return await call_next(request)

    def should_not_filter(self, request: Any) -> bool:
        return False


def build(
    settings: Mapping[str, Any],
    *,
    controllers: Sequence[type] = (Service,),
    user_filters: int = 0,
    default_filters: bool = True,
    create: Callable[..., Starlette] = create_app,
) -> Starlette:
    """Return the service of some controllers.

    Args:
        settings: What stands below ``pyfly.web``.
        controllers: The controllers.
        user_filters: How many filters that do nothing a user has added.
        default_filters: Whether the built-in filters are there.
        create: The factory of the application.
    """
    context = ApplicationContext(Config({"pyfly": {"web": settings}}))
    for controller in controllers:
        context.register_bean(controller)

    for number in range(user_filters):
        context.register_bean(type(f"PassThrough{number}", (PassThrough,), {}))

    app = create(context=context, lifespan=_lifespan_of(context))
    if not default_filters:
        _take_filters_out(app)

    return app


def _lifespan_of(context: ApplicationContext) -> Callable[[Any], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[None]:
        await context.start()
        yield
        await context.stop()

    return lifespan


def _take_filters_out(app: Starlette) -> None:
    started = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(app: Any) -> AsyncIterator[Any]:
        async with started(app) as state:
            for middleware in app.user_middleware:
                if middleware.cls is WebFilterChainMiddleware:
                    middleware.kwargs["filters"].clear()

            yield state

    app.router.lifespan_context = lifespan


app = build(WITHOUT_ACCESS_LOG)

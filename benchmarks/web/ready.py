# SPDX-License-Identifier: Apache-2.0
"""Register a thousand routes in this process and serve: `python -m benchmarks.web.ready <contender>`.

Prints the nanoseconds to the first answer, and those of the description of all routes, as JSON. The handlers
and their models are there before the clock starts, and an application with ten routes was served before, so
that all imports are done.
"""

import asyncio
import gc
import json
import sys
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from time import perf_counter_ns
from typing import Any

from benchmarks.web.asgi import App
from benchmarks.web.client import Request, ask, running
from benchmarks.web.names import BLACKSHEEP, FASTAPI, LITESTAR, PYFLY, STARLETTE
from benchmarks.web.resources import (
    MANY,
    ROUTES,
    ROUTES_PER_RESOURCE,
    Functions,
    controller,
    litestar_functions,
    path_of,
    plain_functions,
)

Builder = Callable[[Sequence[Any]], App]
_METHODS = {"get", "post", "put", "delete"}


def with_pyfly() -> Builder:
    from benchmarks.web.apps import pyfly_app

    return lambda controllers: pyfly_app.build(pyfly_app.WITHOUT_ACCESS_LOG, controllers=controllers)


def with_starlette() -> Builder:
    from pydantic_core import to_json
    from starlette.applications import Starlette
    from starlette.requests import Request as StarletteRequest
    from starlette.responses import Response
    from starlette.routing import Route

    def endpoint(function: Callable[..., Any]) -> Any:
        async def answer(request: StarletteRequest) -> Response:
            return Response(to_json(await function(**request.path_params)), media_type="application/json")

        return answer

    def build(resources: Sequence[Functions]) -> App:
        return Starlette(
            routes=[
                Route(_typed(path_of(number) + path), endpoint(functions[name]), methods=[method])
                for number, functions in enumerate(resources)
                for name, (method, path, _) in ROUTES.items()
            ]
        )

    return build


def with_fastapi() -> Builder:
    from fastapi import FastAPI

    def build(resources: Sequence[Functions]) -> App:
        app = FastAPI()
        for number, functions in enumerate(resources):
            for name, (method, path, status) in ROUTES.items():
                app.add_api_route(
                    path_of(number) + path, functions[name], methods=[method], status_code=status
                )

        return app

    return build


def with_litestar() -> Builder:
    from litestar import Litestar, delete, get, post, put

    decorators: dict[str, Any] = {"GET": get, "POST": post, "PUT": put, "DELETE": delete}

    def build(resources: Sequence[Functions]) -> App:
        return Litestar(
            [
                decorators[method](_typed(path_of(number) + path), status_code=status)(functions[name])
                for number, functions in enumerate(resources)
                for name, (method, path, status) in ROUTES.items()
            ]
        )

    return build


def with_blacksheep() -> Builder:
    from blacksheep import Application, Router

    def build(resources: Sequence[Functions]) -> App:
        router = Router()
        for number, functions in enumerate(resources):
            for name, (method, path, _) in ROUTES.items():
                router.add(method, path_of(number) + path, functions[name])

        return Application(router=router)

    return build


@dataclass(frozen=True, slots=True)
class Registrar:
    """How a contender gets its routes.

    Args:
        builder: Imports what is needed, and returns what builds the application.
        handlers: Returns the handlers of one resource, in the form that the contender takes.
        description: Path of the description of its routes; without one, none is asked for.
    """

    builder: Callable[[], Builder]
    handlers: Callable[[int], Any] = plain_functions
    description: str = ""


CONTENDERS = {
    PYFLY: Registrar(with_pyfly, controller, "/openapi.json"),
    STARLETTE: Registrar(with_starlette),
    FASTAPI: Registrar(with_fastapi, description="/openapi.json"),
    LITESTAR: Registrar(with_litestar, litestar_functions, "/schema/openapi.json"),
    BLACKSHEEP: Registrar(with_blacksheep),
}


async def measure(build: Builder, resources: Sequence[Any], description: str) -> dict[str, int]:
    """Build an application, start it and ask it for its last resource.

    Raises:
        AssertionError: It answers wrongly, or describes another number of routes.
    """
    async with AsyncExitStack() as stack:
        started = perf_counter_ns()
        app = build(resources)
        await stack.enter_async_context(running(app))
        answered = await ask(app, Request("GET", path_of(len(resources) - 1) + "/7/parts/3"))
        taken = {"ready": perf_counter_ns() - started}
        if answered.status != 200 or answered.json() != {"sku": "3", "quantity": 7}:
            raise AssertionError(f"{answered.status} {answered.body!r}")

        if description:
            for turn in ("first", "again"):
                started = perf_counter_ns()
                answered = await ask(app, Request("GET", description))
                taken[turn] = perf_counter_ns() - started

            described = sum(len(_METHODS & set(item)) for item in answered.json()["paths"].values())
            if described != len(resources) * len(ROUTES):
                raise AssertionError(f"{described} routes are described")

    return taken


async def main(name: str) -> None:
    it = CONTENDERS[name]
    build = it.builder()
    await measure(build, [it.handlers(0)], it.description)
    resources = [it.handlers(number) for number in range(MANY // ROUTES_PER_RESOURCE)]
    gc.collect()
    print(json.dumps(await measure(build, resources, it.description)))


def _typed(path: str) -> str:
    return path.replace("_id}", "_id:int}")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))

# SPDX-License-Identifier: Apache-2.0
"""Any number of resources with ten routes each, generated for each contender."""

from collections.abc import Callable, Mapping
from typing import Any

MANY = 1000
ROUTES_PER_RESOURCE = 10

_MODELS = """
class New{n}(BaseModel):
    name: str
    price: float
    in_stock: bool = True
    tags: list[str] = []

class Thing{n}(New{n}):
    id: int

class Part{n}(BaseModel):
    sku: str
    quantity: int
"""
_FUNCTIONS = """
async def list_things({self}) -> list[Thing{n}]:
    return []

async def count_things({self}) -> Part{n}:
    return Part{n}(sku="all", quantity=7)

async def search_things({self}name: {query_str}) -> list[Thing{n}]:
    return []

async def get_thing({self}thing_id: {path_int}) -> Thing{n}:
    return Thing{n}(id=thing_id, name="book", price=1)

async def add_thing({self}data: {new_thing}) -> Thing{n}:
    return Thing{n}(id=1, **data.model_dump())

async def replace_thing({self}thing_id: {path_int}, data: {new_thing}) -> Thing{n}:
    return Thing{n}(id=thing_id, **data.model_dump())

async def remove_thing({self}thing_id: {path_int}) -> None:
    return None

async def list_parts({self}thing_id: {path_int}) -> list[Part{n}]:
    return []

async def get_part({self}thing_id: {path_int}, part_id: {path_int}) -> Part{n}:
    return Part{n}(sku=str(part_id), quantity=thing_id)

async def add_part({self}thing_id: {path_int}, data: {part}) -> Part{n}:
    return data
"""
ROUTES: Mapping[str, tuple[str, str, int]] = {
    "list_things": ("GET", "", 200),
    "count_things": ("GET", "/count", 200),
    "search_things": ("GET", "/search", 200),
    "get_thing": ("GET", "/{thing_id}", 200),
    "add_thing": ("POST", "", 201),
    "replace_thing": ("PUT", "/{thing_id}", 200),
    "remove_thing": ("DELETE", "/{thing_id}", 204),
    "list_parts": ("GET", "/{thing_id}/parts", 200),
    "get_part": ("GET", "/{thing_id}/parts/{part_id}", 200),
    "add_part": ("POST", "/{thing_id}/parts", 201),
}
"""Method, path below that of the resource, and status, by the name of the function."""

Functions = dict[str, Callable[..., Any]]


def path_of(number: int) -> str:
    """Return the path of a resource; all are of the same length."""
    return f"/things{number:04d}"


def plain_functions(number: int) -> Functions:
    """Return the handlers of a resource with plain annotations, by name; a body is called ``data``."""
    return _defined(number, None, query_str="str", path_int="int", body="{}")


def litestar_functions(number: int) -> Functions:
    """Return the handlers of a resource with the annotations of Litestar."""
    from litestar import params

    return _defined(
        number,
        params,
        query_str="marks.FromQuery[str]",
        path_int="marks.FromPath[int]",
        body="marks.JSONBody[{}]",
    )


def controller(number: int) -> type:
    """Return a controller of ours with the handlers of a resource."""
    from pyfly import web

    methods = _defined(
        number,
        web,
        first="self, ",
        query_str="marks.QueryParam[str]",
        path_int="marks.PathVar[int]",
        body="marks.Valid[{}]",
    )
    mappings = {
        "GET": web.get_mapping,
        "POST": web.post_mapping,
        "PUT": web.put_mapping,
        "DELETE": web.delete_mapping,
    }
    for name, (method, path, status) in ROUTES.items():
        mappings[method](path, status_code=status)(methods[name])

    return web.rest_controller(web.request_mapping(path_of(number))(type(f"Things{number}", (), methods)))


def _defined(
    number: int, marks: Any, *, query_str: str, path_int: str, body: str, first: str = ""
) -> Functions:
    from pydantic import BaseModel

    namespace: dict[str, Any] = {"BaseModel": BaseModel, "marks": marks, "__name__": __name__}
    source = (_MODELS + _FUNCTIONS).format(
        n=number,
        self=first,
        query_str=query_str,
        path_int=path_int,
        new_thing=body.format(f"New{number}"),
        part=body.format(f"Part{number}"),
    )
    exec(source, namespace)
    return {name: namespace[name] for name in ROUTES}

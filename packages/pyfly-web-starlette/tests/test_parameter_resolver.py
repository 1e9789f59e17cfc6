# SPDX-License-Identifier: Apache-2.0
from types import SimpleNamespace
from typing import Annotated, Any

import pydantic
import pytest
from pydantic import BaseModel
from starlette.requests import Request

from pyfly.kernel import InvalidRequestException, UnsupportedMediaTypeException, ValidationException
from pyfly.web import (
    Body,
    Cookie,
    File,
    Form,
    Header,
    JsonMessageConverter,
    MessageConverterRegistry,
    Named,
    PathVar,
    QueryParam,
    UploadedFile,
    Valid,
)
from pyfly.web.adapters.starlette.resolver import MISSING, ParameterResolver, ResolvedParam
from pyfly.web.errors import RouteDefinitionError


class Item(BaseModel):
    name: str


class Items:
    async def find(
        self,
        request: Request,
        item_id: PathVar[int],
        number: PathVar[Annotated[str, Named("line-no")]] = "none",
        q: QueryParam[str | None] = None,
        x_tenant: Header[str] = "",
        theme: Cookie[str] = "light",
        unmarked: int = 1,
    ) -> None: ...

    def add(self, item: Valid[Item]) -> None: ...

    def add_plainly(self, item: Body[Item]) -> None: ...

    def upload(self, title: Form[str], data: File[UploadedFile]) -> None: ...

    def unmarked(self, other: object) -> None: ...

    def wrong(self, item: Header[Item]) -> None: ...


async def plain_function(item_id: PathVar[int]) -> None: ...


def request_with(body: bytes = b"", app: Any = None, **scope: Any) -> Request:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body}

    headers = [(name.encode(), value.encode()) for name, value in scope.pop("headers", {}).items()]
    extra = {} if app is None else {"app": app}
    return Request({"type": "http", "method": "POST", "headers": headers, **scope, **extra}, receive)


async def test_values_are_read_by_name() -> None:
    request = request_with(
        path_params={"item_id": 7},
        query_string=b"q=tea",
        headers={"x-tenant": "acme", "cookie": "theme=dark"},
    )

    values = await ParameterResolver(Items().find).resolve(request)

    assert values == {
        "request": request,
        "item_id": 7,
        "number": "none",
        "q": "tea",
        "x_tenant": "acme",
        "theme": "dark",
    }


async def test_bare_scope_is_enough() -> None:
    values = await ParameterResolver(Items.find).resolve(
        Request({"type": "http", "path_params": {"item_id": "7", "line-no": "2"}})
    )

    assert (values["item_id"], values["number"], values["q"], values["theme"]) == (7, "2", None, "light")


def test_parameters_are_described() -> None:
    params = ParameterResolver(Items().find).params

    assert params[0] == ResolvedParam("request", Request, Request)
    assert params[1] == ResolvedParam("item_id", PathVar, int)
    assert params[3] == ResolvedParam("q", QueryParam, str | None, None, required=False)
    assert params[4].default == ""
    assert ParameterResolver(Items().add).params == [
        ResolvedParam("item", Body, Item, MISSING, validate=True)
    ]
    assert [it.name for it in params] == ["request", "item_id", "number", "q", "x_tenant", "theme"]


async def test_function_needs_no_class() -> None:
    assert await ParameterResolver(plain_function).resolve(request_with(path_params={"item_id": "7"})) == {
        "item_id": 7
    }


async def test_unmarked_parameter_is_left_alone() -> None:
    assert await ParameterResolver(Items().unmarked).resolve(request_with()) == {}


async def test_missing_path_variable_is_told() -> None:
    with pytest.raises(ValueError, match="Missing path variable: item_id"):
        await ParameterResolver(plain_function).resolve(request_with())


async def test_unreadable_value_is_refused() -> None:
    with pytest.raises(InvalidRequestException, match="Cannot convert 'x' to int"):
        await ParameterResolver(plain_function).resolve(request_with(path_params={"item_id": "x"}))


async def test_body_is_read() -> None:
    request = request_with(b'{"name": "tea"}')

    assert await ParameterResolver(Items().add).resolve(request) == {"item": Item(name="tea")}
    assert await request.json() == {"name": "tea"}


async def test_faults_of_a_body_are_reported_as_asked() -> None:
    with pytest.raises(ValidationException):
        await ParameterResolver(Items().add).resolve(request_with(b"{}"))

    with pytest.raises(pydantic.ValidationError):
        await ParameterResolver(Items().add_plainly).resolve(request_with(b"{}"))


async def test_converters_of_the_application_are_used() -> None:
    resolver = ParameterResolver(Items().add)
    registry = MessageConverterRegistry([JsonMessageConverter()])
    app = SimpleNamespace(state=SimpleNamespace(pyfly_message_converters=registry))
    xml = {"content-type": "application/xml"}

    assert (await resolver.resolve(request_with(b"<a><name>tea</name></a>", headers=xml)))[
        "item"
    ].name == "tea"
    with pytest.raises(UnsupportedMediaTypeException):
        await resolver.resolve(request_with(b"<a/>", app, headers=xml))


async def test_form_is_read() -> None:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="title"\r\n\r\ntea\r\n'
        b'--x\r\nContent-Disposition: form-data; name="data"; filename="a.txt"\r\n\r\nhot\r\n--x--\r\n'
    )
    request = request_with(body, headers={"content-type": "multipart/form-data; boundary=x"})

    values = await ParameterResolver(Items().upload).resolve(request)

    assert values["title"] == "tea"
    assert await values["data"].read() == b"hot"
    await values["data"].close()


def test_marker_that_cannot_work_is_found_at_once() -> None:
    with pytest.raises(
        RouteDefinitionError, match=r"Items\.wrong\(item\): no single text can be turned into Item"
    ):
        ParameterResolver(Items().wrong)

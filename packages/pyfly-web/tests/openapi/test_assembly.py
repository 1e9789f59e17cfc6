# SPDX-License-Identifier: Apache-2.0
import json
from collections.abc import Callable
from typing import Any

import pytest
from openapi_spec_validator import validate
from pydantic import BaseModel, Field

from pyfly.config.store import Config
from pyfly.container.bean import bean
from pyfly.container.ordering import order
from pyfly.container.stereotypes import configuration, service
from pyfly.context.application_context import ApplicationContext
from pyfly.web import get_mapping
from pyfly.web.conversion import BodyConversion
from pyfly.web.json import JsonProperties, PyFlyJsonSerializer
from pyfly.web.openapi import (
    OpenApiCustomizer,
    RouteMetadata,
    customizers_of,
    document_builder,
    operation,
)

Describe = Callable[..., list[RouteMetadata]]


class Item(BaseModel):
    unit_price: int = Field(alias="unitPrice")


class Find:
    @get_mapping("/api/find")
    async def find(self) -> Item: ...


def built(routes: list[RouteMetadata], **options: Any) -> dict[str, Any]:
    options.setdefault("conversion", BodyConversion())
    document: dict[str, Any] = json.loads(document_builder("Shop", "1", "Tea.", routes, **options)())
    validate(document)
    return document


def test_document_has_the_facts_of_the_application(describe: Describe) -> None:
    document = built(describe(Find))

    assert document["info"] == {"title": "Shop", "version": "1", "description": "Tea."}
    assert list(document["paths"]) == ["/api/find"]


@pytest.mark.parametrize(("base_path", "url"), [("", "."), ("/", "."), ("/api", ".."), ("/api/v1", "../..")])
def test_server_is_the_root_of_the_application_as_seen_from_the_document(base_path: str, url: str) -> None:
    assert built([], base_path=base_path)["servers"] == [{"url": url, "description": "This application"}]


def test_formats_are_those_of_the_converters(describe: Describe) -> None:
    answers = built(describe(Find))["paths"]["/api/find"]["get"]["responses"]

    assert list(answers["200"]["content"]) == ["application/json", "application/xml"]


def test_names_are_those_that_the_serializer_writes(describe: Describe) -> None:
    conversion = BodyConversion(PyFlyJsonSerializer(JsonProperties(by_alias=True)))

    plain, aliased = built(describe(Find)), built(describe(Find), conversion=conversion)

    assert list(plain["components"]["schemas"]["Item"]["properties"]) == ["unit_price"]
    assert list(aliased["components"]["schemas"]["Item"]["properties"]) == ["unitPrice"]


class Licence(OpenApiCustomizer):
    def customize(self, document: dict[str, Any]) -> None:
        document["info"]["license"] = {"name": "ours"}


def test_customizers_have_the_last_word() -> None:
    assert built([], customizers=[Licence()])["info"]["license"] == {"name": "ours"}


@operation(security=["token", {"tokn": []}])
class Guarded:
    @get_mapping("/one")
    async def one(self) -> None: ...

    @get_mapping("/two")
    async def two(self) -> None: ...


class TokenScheme(OpenApiCustomizer):
    def customize(self, document: dict[str, Any]) -> None:
        document["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}


def test_security_schemes_that_nobody_describes_are_logged(
    describe: Describe, caplog: pytest.LogCaptureFixture
) -> None:
    built(describe(Guarded), customizers=[TokenScheme()])

    assert [record.getMessage() for record in caplog.records] == [
        "The OpenAPI document has no security scheme 'tokn', needed by GET /one, GET /two: add it with an"
        " OpenApiCustomizer, or correct the name in @operation"
    ]


@order(2)
@service
class Second(OpenApiCustomizer):
    def customize(self, document: dict[str, Any]) -> None: ...


@order(1)
@service
class First(OpenApiCustomizer):
    def customize(self, document: dict[str, Any]) -> None: ...


@service
class Unrelated:
    def customize(self, document: dict[str, Any]) -> None: ...


@configuration
class Licences:
    @bean
    def licence(self) -> OpenApiCustomizer:
        return Licence()


def context_of(*beans: type) -> ApplicationContext:
    context = ApplicationContext(Config({}))
    for each in beans:
        context.register_bean(each)

    return context


async def test_customizers_are_found_in_their_order() -> None:
    context = context_of(Second, First, Unrelated)
    await context.start()

    assert [type(it) for it in customizers_of(context)] == [First, Second]

    await context.stop()


async def test_customizers_that_a_method_returns_are_found() -> None:
    context = context_of(Licences)
    await context.start()

    assert [type(it) for it in customizers_of(context)] == [Licence]

    await context.stop()


def test_no_customizer_is_made_before_the_start() -> None:
    assert customizers_of(context_of(First)) == []
    assert customizers_of(None) == []

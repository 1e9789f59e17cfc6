# SPDX-License-Identifier: Apache-2.0
import pytest

from pyfly.web import get_mapping, post_mapping, request_mapping, rest_controller, sse_mapping
from pyfly.web.endpoints import endpoints_of
from pyfly.web.errors import RouteDefinitionError


@rest_controller
@request_mapping("/items")
class Items:
    @get_mapping("/{item_id}")
    async def zulu(self, item_id: str) -> None: ...

    @get_mapping("/search")
    def alpha(self) -> None: ...

    @get_mapping()
    @get_mapping("/all")
    def several(self) -> None: ...

    def not_mapped(self) -> None: ...


def test_endpoints_come_in_order_of_declaration() -> None:
    assert [(each.name, each.template.text) for each in endpoints_of(Items)] == [
        ("zulu", "/items/{item_id}"),
        ("alpha", "/items/search"),
        ("several", "/items"),
        ("several", "/items/all"),
    ]


def test_inherited_endpoints_belong_to_the_subclass() -> None:
    @request_mapping("/special")
    class SpecialItems(Items):
        @post_mapping(status_code=201)
        def create(self) -> None: ...

    found = endpoints_of(SpecialItems)

    assert [each.template.text for each in found][:2] == ["/special/{item_id}", "/special/search"]
    assert (found[-1].name, found[-1].http_method, found[-1].status_code) == ("create", "POST", 201)
    assert all(each.controller is SpecialItems for each in found)


def test_class_without_mapping_serves_from_the_root() -> None:
    class Root:
        @get_mapping("ping")
        def ping(self) -> None: ...

    assert [each.template.text for each in endpoints_of(Root)] == ["/ping"]


def test_impossible_path_names_the_method() -> None:
    class Broken:
        @get_mapping("/{id}/{id}")
        def get(self) -> None: ...

    with pytest.raises(RouteDefinitionError) as caught:
        endpoints_of(Broken)

    assert caught.value.description == "Broken.get(): the path '/{id}/{id}' names the variable 'id' twice."


def test_static_method_is_refused() -> None:
    class Broken:
        @staticmethod
        @get_mapping("/x")
        def get() -> None: ...

    with pytest.raises(RouteDefinitionError, match="only ordinary methods"):
        endpoints_of(Broken)


def test_generator_is_an_endpoint() -> None:
    class Export:
        @get_mapping("/x", produces="text/csv")
        def get(self):  # type: ignore[no-untyped-def]
            yield "a,b"

    (endpoint,) = endpoints_of(Export)

    assert (endpoint.name, endpoint.produces) == ("get", "text/csv")


def test_event_stream_is_an_endpoint() -> None:
    class Events:
        @sse_mapping("/events")
        async def watch(self) -> None: ...

    (endpoint,) = endpoints_of(Events)

    assert (endpoint.http_method, endpoint.template.text) == ("GET", "/events")
    assert endpoint.is_event_stream


def test_paths_begin_with_that_of_the_application() -> None:
    @request_mapping("/items")
    class Items:
        @get_mapping("/{item_id}")
        async def find(self) -> None: ...

    (endpoint,) = endpoints_of(Items, "/api/")

    assert endpoint.template.text == "/api/items/{item_id}"

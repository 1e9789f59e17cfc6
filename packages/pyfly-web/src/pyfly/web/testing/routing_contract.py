# SPDX-License-Identifier: Apache-2.0
"""Which handler a request reaches."""

from pyfly.container.bean import bean
from pyfly.container.stereotypes import configuration, rest_controller
from pyfly.web.mappings import (
    delete_mapping,
    get_mapping,
    patch_mapping,
    post_mapping,
    put_mapping,
    request_mapping,
)
from pyfly.web.params import PathVar
from pyfly.web.testing.adapter_hooks import AdapterHooks
from pyfly.web.testing.asgi_lifespan import running


@rest_controller
@request_mapping("/items")
class ItemController:
    @get_mapping("/{item_id}")
    async def any_item(self, item_id: PathVar[str]) -> str:
        return f"any {item_id}"

    @get_mapping("/{item_id:int}")
    async def numbered_item(self, item_id: PathVar[int]) -> str:
        return f"number {item_id}"

    @get_mapping("/{rest:path}")
    async def rest(self, rest: PathVar[str]) -> str:
        return f"rest {rest}"

    @get_mapping("/search")
    async def search(self) -> str:
        return "search"

    @get_mapping("/{item_id}/parts/{part}")
    async def part(self, item_id: PathVar[str], part: PathVar[str]) -> list[str]:
        return [item_id, part]

    @get_mapping("/{item_id}/parts/first")
    async def first_part(self, item_id: PathVar[str]) -> str:
        return f"first of {item_id}"

    @get_mapping("/files/{name}.json")
    async def file(self, name: PathVar[str]) -> str:
        return f"file {name}"


@rest_controller
@request_mapping("/kinds")
class KindController:
    @get_mapping("/int/{value:int}")
    async def number(self, value: PathVar[int]) -> int:
        return value

    @get_mapping("/float/{value:float}")
    async def fraction(self, value: PathVar[float]) -> float:
        return value

    @get_mapping("/uuid/{value:uuid}")
    async def ident(self, value: PathVar[str]) -> str:
        return value


@rest_controller
@request_mapping("/methods")
class MethodController:
    @get_mapping()
    async def get(self) -> str:
        return "GET"

    @post_mapping()
    async def post(self) -> str:
        return "POST"

    @put_mapping()
    async def put(self) -> str:
        return "PUT"

    @patch_mapping()
    async def patch(self) -> str:
        return "PATCH"

    @delete_mapping()
    async def delete(self) -> str:
        return "DELETE"


@rest_controller
@request_mapping("api/")
class LooseController:
    @get_mapping("joined")
    async def joined(self) -> str:
        return "joined"

    @get_mapping("/old")
    @get_mapping("/new")
    async def stacked(self) -> str:
        return "stacked"

    @get_mapping("/slash/")
    async def slash(self) -> str:
        return "slash"


@rest_controller
class RootController:
    @get_mapping("/")
    async def root(self) -> str:
        return "root"


class Base:
    @get_mapping("/inherited")
    async def inherited(self) -> str:
        return type(self).__name__


@rest_controller
@request_mapping("/derived")
class DerivedController(Base):
    pass


class Handmade:
    __pyfly_stereotype__ = "rest_controller"

    @get_mapping("/handmade")
    async def handmade(self) -> str:
        return "handmade"


@configuration
class HandmadeConfiguration:
    @bean
    def handmade(self) -> Handmade:
        return Handmade()


@rest_controller
class Conflicting:
    @get_mapping("/items/{name}")
    async def get(self) -> None: ...


@rest_controller
class Unmarked:
    @get_mapping("/unmarked/{item_id}")
    async def find(self, item_id: int) -> None: ...


class RoutingContract(AdapterHooks):
    """The most specific route wins, whatever the order in the source."""

    async def test_literal_path_goes_before_variables(self) -> None:
        async with self.serving(ItemController) as client:
            assert (await client.get("/items/search")).json() == "search"

    async def test_typed_variable_goes_before_a_plain_one(self) -> None:
        async with self.serving(ItemController) as client:
            assert (await client.get("/items/7")).json() == "number 7"
            assert (await client.get("/items/seven")).json() == "any seven"

    async def test_rest_of_a_path_comes_last(self) -> None:
        async with self.serving(ItemController) as client:
            assert (await client.get("/items/a/b/c")).json() == "rest a/b/c"

    async def test_literal_segment_after_a_variable_is_more_specific(self) -> None:
        async with self.serving(ItemController) as client:
            assert (await client.get("/items/7/parts/first")).json() == "first of 7"
            assert (await client.get("/items/7/parts/last")).json() == ["7", "last"]

    async def test_variable_between_fixed_texts_of_a_segment(self) -> None:
        async with self.serving(ItemController) as client:
            assert (await client.get("/items/files/prices.json")).json() == "file prices"

    async def test_variable_is_decoded(self) -> None:
        async with self.serving(ItemController) as client:
            assert (await client.get("/items/gr%C3%BCner%20tee")).json() == "any grüner tee"

    async def test_kinds_of_variables_take_their_values(self) -> None:
        ident = "12345678-1234-5678-1234-567812345678"
        async with self.serving(KindController) as client:
            assert (await client.get("/kinds/int/42")).json() == 42
            assert (await client.get("/kinds/float/2.5")).json() == 2.5
            assert (await client.get(f"/kinds/uuid/{ident}")).json() == ident

    async def test_kinds_of_variables_take_no_others(self) -> None:
        async with self.serving(KindController) as client:
            assert (await client.get("/kinds/int/two")).status == 404
            assert (await client.get("/kinds/float/two")).status == 404
            assert (await client.get("/kinds/uuid/two")).status == 404

    async def test_each_method_has_its_handler(self) -> None:
        async with self.serving(MethodController) as client:
            assert (await client.get("/methods")).json() == "GET"
            assert (await client.post("/methods")).json() == "POST"
            assert (await client.put("/methods")).json() == "PUT"
            assert (await client.patch("/methods")).json() == "PATCH"
            assert (await client.delete("/methods")).json() == "DELETE"

    async def test_parts_of_a_path_are_joined_with_one_slash(self) -> None:
        async with self.serving(LooseController) as client:
            assert (await client.get("/api/joined")).json() == "joined"

    async def test_method_may_have_several_mappings(self) -> None:
        async with self.serving(LooseController) as client:
            assert (await client.get("/api/old")).json() == "stacked"
            assert (await client.get("/api/new")).json() == "stacked"

    async def test_root_has_a_handler(self) -> None:
        async with self.serving(RootController) as client:
            assert (await client.get("/")).json() == "root"

    async def test_inherited_handler_is_served_below_the_path_of_the_class(self) -> None:
        async with self.serving(DerivedController) as client:
            assert (await client.get("/derived/inherited")).json() == "DerivedController"

    async def test_controller_made_by_a_bean_method_is_served(self) -> None:
        async with self.serving(HandmadeConfiguration) as client:
            assert (await client.get("/handmade")).json() == "handmade"

    async def test_slash_too_many_is_redirected(self) -> None:
        async with self.serving(LooseController) as client:
            redirect = await client.get("/api/joined/?page=2")

        assert redirect.status == 307
        assert redirect.header("location") == "http://contract.test/api/joined?page=2"

    async def test_slash_too_few_is_redirected(self) -> None:
        async with self.serving(LooseController) as client:
            redirect = await client.post("/api/slash")
            answer = await client.get("/api/slash/")

        assert redirect.status == 307
        assert redirect.header("location") == "http://contract.test/api/slash/"
        assert answer.json() == "slash"

    async def test_unknown_path_is_a_problem(self) -> None:
        async with self.serving(ItemController) as client:
            answer = await client.get("/nothing/here")

        assert answer.status == 404
        assert answer.media_type == "application/problem+json"
        assert answer.json()["code"] == "NOT_FOUND"
        assert answer.json()["instance"] == "/nothing/here"

    async def test_application_without_context_knows_no_path(self) -> None:
        async with running(self.create_app()) as client:
            assert (await client.get("/items/7")).status == 404

    async def test_two_handlers_of_one_request_stop_the_start(self) -> None:
        error = self.refusal(context=self.context_of(ItemController, Conflicting))

        assert error.controller == "Conflicting"
        assert "GET /items/{name} is served by ItemController.any_item" in error.description

    async def test_parameter_without_a_source_stops_the_start(self) -> None:
        error = self.refusal(context=self.context_of(Unmarked))

        assert (error.controller, error.method, error.parameter) == ("Unmarked", "find", "item_id")

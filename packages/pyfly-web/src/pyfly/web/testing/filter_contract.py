# SPDX-License-Identifier: Apache-2.0
"""Filters around handlers."""

from typing import Any

from pyfly.container.bean import bean
from pyfly.container.ordering import order
from pyfly.container.stereotypes import component, configuration, rest_controller
from pyfly.context.request_context import RequestContext
from pyfly.kernel.exceptions import ForbiddenException, ResourceNotFoundException
from pyfly.web.filters import OncePerRequestFilter
from pyfly.web.mappings import get_mapping, post_mapping, request_mapping
from pyfly.web.params import Body, PathVar
from pyfly.web.ports.filter import CallNext, WebFilter
from pyfly.web.testing.adapter_hooks import AdapterHooks


@rest_controller
@request_mapping("/f")
class FilteredController:
    @get_mapping("/{item_id}")
    async def find(self, item_id: PathVar[int], context: RequestContext) -> list[Any]:
        return [item_id, context.get("left by a filter")]

    @post_mapping("/{item_id}")
    async def save(self, item_id: PathVar[int], text: Body[str]) -> str:
        return text

    @get_mapping("/{item_id}/missing")
    async def missing(self, item_id: PathVar[int]) -> None:
        raise ResourceNotFoundException("gone")

    @get_mapping("/{item_id}/broken")
    def broken(self, item_id: PathVar[int]) -> None:
        raise RuntimeError("broken")


class Trail(WebFilter):
    """Writes its name into a header, on the way out; the outermost filter writes last."""

    name = ""

    async def do_filter(self, request: Any, call_next: CallNext) -> Any:
        response = await call_next(request)
        inner = response.headers.get("x-trail")
        response.headers["x-trail"] = f"{inner} {self.name}" if inner else self.name
        return response

    def should_not_filter(self, request: Any) -> bool:
        return False


@component
@order(30)
class LastTrail(Trail):
    name = "last"


@component
@order(-30)
class FirstTrail(Trail):
    name = "first"


@component
class MiddleTrail(Trail):
    name = "middle"


@component
class HealthOnly(OncePerRequestFilter):
    url_patterns = ["/f/7*"]  # noqa: RUF012  # as applications write it
    exclude_patterns = ["*/missing"]  # noqa: RUF012

    async def do_filter(self, request: Any, call_next: CallNext) -> Any:
        response = await call_next(request)
        response.headers["x-health"] = "1"
        return response


@component
class Leaving(OncePerRequestFilter):
    async def do_filter(self, request: Any, call_next: CallNext) -> Any:
        context = RequestContext.current()
        assert context is not None
        context.set("left by a filter", f"{request.method} {request.url.path}")
        return await call_next(request)


@component
class Refusing(OncePerRequestFilter):
    async def do_filter(self, request: Any, call_next: CallNext) -> Any:
        if request.headers.get("x-role") != "admin":
            raise ForbiddenException("not yours", code="NOT_YOURS")

        return await call_next(request)


@component
class Crashing(OncePerRequestFilter):
    async def do_filter(self, request: Any, call_next: CallNext) -> Any:
        raise RuntimeError("password=hunter2")


@component
class StatusTelling(OncePerRequestFilter):
    async def do_filter(self, request: Any, call_next: CallNext) -> Any:
        response = await call_next(request)
        response.headers["x-seen-status"] = str(response.status_code)
        return response


@component
class Peeking(OncePerRequestFilter):
    async def do_filter(self, request: Any, call_next: CallNext) -> Any:
        body = await request.body()
        response = await call_next(request)
        response.headers["x-peeked"] = str(len(body))
        return response


class Made(OncePerRequestFilter):
    async def do_filter(self, request: Any, call_next: CallNext) -> Any:
        response = await call_next(request)
        response.headers["x-made"] = "by a bean method"
        return response


@configuration
class FilterConfiguration:
    @bean
    def made(self) -> WebFilter:
        return Made()


class FilterContract(AdapterHooks):
    """Filters run in order around everything, see the real answer, and may change or replace it."""

    async def test_filters_run_in_order_and_return_in_reverse(self) -> None:
        async with self.serving(FilteredController, LastTrail, MiddleTrail, FirstTrail) as client:
            answer = await client.get("/f/7")

        assert (answer.status, answer.header("x-trail")) == (200, "last middle first")

    async def test_patterns_choose_the_requests(self) -> None:
        async with self.serving(FilteredController, HealthOnly) as client:
            chosen, other = await client.get("/f/7"), await client.get("/f/8")
            excluded = await client.get("/f/7/missing")

        assert (chosen.header("x-health"), other.header("x-health")) == ("1", None)
        assert excluded.header("x-health") is None

    async def test_filter_leaves_something_for_the_handler(self) -> None:
        async with self.serving(FilteredController, Leaving) as client:
            assert (await client.get("/f/7")).json() == [7, "GET /f/7"]

    async def test_filter_sees_the_status_of_a_failure(self) -> None:
        async with self.serving(FilteredController, StatusTelling) as client:
            missing, broken = await client.get("/f/7/missing"), await client.get("/f/7/broken")
            unread = await client.get("/f/x")

        assert (missing.status, missing.header("x-seen-status")) == (404, "404")
        assert (broken.status, broken.header("x-seen-status")) == (500, "500")
        assert (unread.status, unread.header("x-seen-status")) == (400, "400")

    async def test_filter_runs_for_unknown_paths(self) -> None:
        async with self.serving(FilteredController, StatusTelling) as client:
            answer = await client.get("/nothing")

        assert (answer.status, answer.header("x-seen-status")) == (404, "404")

    async def test_filter_runs_for_methods_that_are_not_allowed(self) -> None:
        async with self.serving(FilteredController, StatusTelling) as client:
            answer = await client.delete("/f/7")

        assert (answer.status, answer.header("x-seen-status")) == (405, "405")

    async def test_failure_of_a_filter_is_a_problem(self) -> None:
        async with self.serving(FilteredController, Refusing) as client:
            refused = await client.get("/f/7", headers={"x-request-id": "r-1"})
            admitted = await client.get("/f/7", headers={"x-role": "admin"})

        assert (refused.status, refused.media_type) == (403, "application/problem+json")
        assert (refused.json()["code"], refused.header("x-request-id")) == ("NOT_YOURS", "r-1")
        assert admitted.status == 200

    async def test_unexpected_failure_of_a_filter_tells_nothing(self) -> None:
        async with self.serving(FilteredController, Crashing) as client:
            answer = await client.get("/f/7")

        assert (answer.status, answer.json()["code"]) == (500, "INTERNAL_ERROR")
        assert "hunter2" not in answer.text

    async def test_outer_filter_sees_the_refusal_of_an_inner_one(self) -> None:
        async with self.serving(FilteredController, Refusing, FirstTrail) as client:
            answer = await client.get("/f/7")

        assert (answer.status, answer.header("x-trail")) == (403, "first")

    async def test_body_that_a_filter_has_read_reaches_the_handler(self) -> None:
        async with self.serving(FilteredController, Peeking) as client:
            answer = await client.post("/f/7", body=[b"tex", b"t"], headers={"content-type": "text/plain"})

        assert (answer.json(), answer.header("x-peeked")) == ("text", "4")

    async def test_filter_may_answer_itself(self) -> None:
        make = self.native_response

        @component
        class Answering(OncePerRequestFilter):
            async def do_filter(self, request: Any, call_next: CallNext) -> Any:
                return make("from the filter", status=202)

        async with self.serving(FilteredController, Answering, FirstTrail) as client:
            answer = await client.get("/f/7", headers={"x-request-id": "r-1"})

        assert (answer.status, answer.text) == (202, "from the filter")
        assert (answer.header("x-trail"), answer.header("x-request-id")) == ("first", "r-1")

    async def test_filter_made_by_a_bean_method_takes_part(self) -> None:
        async with self.serving(FilteredController, FilterConfiguration) as client:
            assert (await client.get("/f/7")).header("x-made") == "by a bean method"

    async def test_filters_run_around_extra_routes(self) -> None:
        route = self.native_route("/health", lambda: self.native_response("healthy"))
        async with self.serving(FilteredController, FirstTrail, extra_routes=[route]) as client:
            answer = await client.get("/health")

        assert (answer.text, answer.header("x-trail")) == ("healthy", "first")

    async def test_head_goes_through_the_filters(self) -> None:
        async with self.serving(FilteredController, FirstTrail) as client:
            answer = await client.head("/f/7")

        assert (answer.status, answer.body, answer.header("x-trail")) == (200, b"", "first")

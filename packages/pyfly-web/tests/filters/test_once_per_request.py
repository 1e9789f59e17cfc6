# SPDX-License-Identifier: Apache-2.0
from types import SimpleNamespace
from typing import Any

import pytest

from pyfly.web.filters import OncePerRequestFilter
from pyfly.web.ports import CallNext, WebFilter


class Recording(OncePerRequestFilter):
    async def do_filter(self, request: Any, call_next: CallNext) -> Any:
        return await call_next(request)


class Api(Recording):
    url_patterns = ["/api/*"]  # noqa: RUF012 - as an application writes it
    exclude_patterns = ["/api/health", "/api/internal/*"]  # noqa: RUF012


def request_to(path: str) -> Any:
    return SimpleNamespace(url=SimpleNamespace(path=path))


def test_filter_without_patterns_runs_for_all() -> None:
    assert not Recording().should_not_filter(request_to("/anything"))


@pytest.mark.parametrize(
    ("path", "skipped"),
    [
        ("/api/orders", False),
        ("/api/orders/7/lines", False),
        ("/api/", False),
        ("/apis", True),
        ("/", True),
        ("/api/health", True),
        ("/api/healthy", False),
        ("/api/internal/x", True),
        ("/x/api/orders", True),
        ("/api/line\nbreak", False),
    ],
)
def test_patterns_decide(path: str, skipped: bool) -> None:
    assert Api().should_not_filter(request_to(path)) is skipped


def test_path_of_the_scope_goes_before_a_rebuilt_url() -> None:
    # A Host header of "x/api" would otherwise turn every path into one of the filter's.
    request = SimpleNamespace(scope={"path": "/open"}, url=SimpleNamespace(path="/api/open"))

    assert Api().should_not_filter(request)


def test_instance_may_have_its_own_patterns() -> None:
    narrow = Recording()
    narrow.url_patterns = ["/only"]

    assert narrow.should_not_filter(request_to("/other"))
    assert not narrow.should_not_filter(request_to("/only"))


def test_incomplete_filter_cannot_be_made() -> None:
    with pytest.raises(TypeError, match="do_filter"):
        OncePerRequestFilter()  # type: ignore[abstract]


def test_anything_with_the_two_methods_is_a_filter() -> None:
    class Duck:
        async def do_filter(self, request: Any, call_next: CallNext) -> Any: ...

        def should_not_filter(self, request: Any) -> bool:
            return False

    assert isinstance(Duck(), WebFilter)

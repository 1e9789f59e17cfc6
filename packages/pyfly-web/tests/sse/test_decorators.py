# SPDX-License-Identifier: Apache-2.0
from collections.abc import AsyncIterator

from pyfly.web.sse import sse_mapping
from pyfly.web.sse.response import SSE_HEADERS


async def ticks() -> AsyncIterator[str]:
    yield "tick"


def test_path_is_left_on_the_function() -> None:
    assert sse_mapping("/ticks")(ticks) is ticks
    assert vars(ticks)["__pyfly_sse_mapping__"] == {"path": "/ticks"}


def test_path_may_be_left_out() -> None:
    @sse_mapping()
    async def events() -> AsyncIterator[str]:
        yield "tick"

    assert vars(events)["__pyfly_sse_mapping__"] == {"path": ""}


def test_headers_keep_caches_and_proxies_out_of_the_way() -> None:
    assert SSE_HEADERS["Cache-Control"] == "no-cache"
    assert SSE_HEADERS["X-Accel-Buffering"] == "no"

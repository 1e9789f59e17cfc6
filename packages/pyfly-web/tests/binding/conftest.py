# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable
from typing import Any

import pytest

from pyfly.web.binding import Exchange, compile_parameters
from pyfly.web.routing import PathTemplate

Bind = Callable[..., Any]


@pytest.fixture
def bind() -> Bind:
    """Bind the only parameter of a method to a request."""

    def bind_one(
        function: Callable[..., Any],
        *,
        path: str = "/",
        values: tuple[str, ...] = (),
        query: str = "",
        headers: dict[str, str] | list[tuple[str, str]] | None = None,
        body: bytes = b"",
    ) -> Any:
        holder = type("Things", (), {function.__name__: function})
        (parameter,) = compile_parameters(holder, function, PathTemplate.parse(path), {})
        if headers is None:
            headers = {"content-type": "application/json"} if body else {}

        pairs = headers.items() if isinstance(headers, dict) else headers
        scope = {
            "query_string": query.encode(),
            "headers": [(name.encode(), value.encode()) for name, value in pairs],
        }
        exchange = Exchange(scope, None, None, values)
        exchange.body = body
        return parameter.bind(exchange)

    return bind_one

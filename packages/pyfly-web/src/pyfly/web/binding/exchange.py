# SPDX-License-Identifier: Apache-2.0
"""What a request offers to the parameters of its handler."""

import re
from collections.abc import Awaitable, Callable, Iterable
from enum import Enum
from typing import Any, Final
from urllib.parse import unquote

from pyfly.context.request_context import RequestContext

_ESCAPE: Final = re.compile(r"\\([0-3][0-7][0-7]|.)")


class BodyState(Enum):
    """How far the body of a request has been read."""

    UNREAD = "unread"
    TAKEN = "taken"
    """Somebody reads it piece by piece, and keeps the pieces."""
    READ = "read"
    """It is in `Exchange.body`."""


class Exchange:
    """One HTTP request of an ASGI server, read lazily, and what became of it.

    Attributes:
        scope: The ASGI connection scope.
        receive: The ASGI channel from the client.
        send: The ASGI channel to the client.
        path_values: Texts of the path variables, in the order of the template.
        context: The context of the request, if the runtime has opened one.
        request_id: Id of this request.
        head: The request's headers by lower-case name; of equal names the first.
        body: The whole body, as far as it has been read.
        body_state: How far that is.
        body_limit: The most bytes that the body may have.
        form: The fields and files of a form; read before the parameters are bound if one of them needs it.
        request: The request object of the web adapter, if somebody has asked for one.
        target: The compiled route that serves the request, or ``None``.
        status: HTTP status of the answer; 0 until its head is sent.
        error: The exception behind the answer, if there is one.
        correlation_id: Id that the request shares with those that caused it or follow from it.
        transaction_id: Id of the unit of work.
        tenant_id: What the client calls its tenant; not authenticated.
        traceparent: W3C trace context as received.
        tracestate: Its vendor part as received.
        started: When the request came, in seconds of the monotonic clock; 0 where nobody times it.
        endings: What is called when the request has been answered, the last one first.
    """

    # Defaults of the class, and no slots: every request makes one of these, and few use all of it.
    context: RequestContext | None = None
    request_id: str = ""
    correlation_id: str = ""
    transaction_id: str = ""
    tenant_id: str = ""
    traceparent: str = ""
    tracestate: str = ""
    body: bytes = b""
    body_state: BodyState = BodyState.UNREAD
    body_limit: int = 0
    form: Any = None
    request: Any = None
    target: Any = None
    status: int = 0
    error: BaseException | None = None
    endings: "list[Callable[[Exchange], Awaitable[None] | None]] | None" = None
    started: float = 0.0
    path_values: tuple[str, ...] = ()
    _query: dict[str, list[str]] | None = None
    _cookies: dict[str, str] | None = None

    def __init__(
        self, scope: Any, receive: Any, send: Any, path_values: tuple[str, ...] | None = None
    ) -> None:
        if path_values is not None:
            self.path_values = path_values

        self.scope = scope
        self.receive = receive
        self.send = send
        self.head: dict[bytes, bytes] = dict(scope.get("headers", ())[::-1])

    @property
    def route_template(self) -> str | None:
        """The path of the route that serves the request, such as ``/orders/{order_id}``, if there is one."""
        return None if self.target is None else str(self.target.path)

    @property
    def query(self) -> dict[str, list[str]]:
        """The query parameters, each with all its values."""
        if self._query is None:
            self._query = parse_query(self.scope.get("query_string", b""))

        return self._query

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies."""
        if self._cookies is None:
            self._cookies = parse_cookies(self.headers(b"cookie"))

        return self._cookies

    def at_end(self, ending: "Callable[[Exchange], Awaitable[None] | None]") -> None:
        """Have something done when the request has been answered, or given up; the last one added goes first.

        Args:
            ending: Takes this exchange.
        """
        if self.endings is None:
            self.endings = []

        self.endings.append(ending)

    def header(self, name: bytes) -> str | None:
        """Return the first header of a name, given in lower case."""
        value = self.head.get(name)
        return None if value is None else str(value, "latin-1")

    def headers(self, name: bytes) -> list[str]:
        """Return every header of a name, given in lower case."""
        return [str(value, "latin-1") for key, value in self.scope["headers"] if key == name]


def parse_query(raw: bytes) -> dict[str, list[str]]:
    """Split a query string; an entry without ``=`` has an empty value."""
    values: dict[str, list[str]] = {}
    if not raw:
        return values

    for entry in str(raw, "latin-1").split("&"):
        if not entry:
            continue

        name, _, value = entry.partition("=")
        if "+" in entry:
            name, value = name.replace("+", " "), value.replace("+", " ")

        if "%" in entry:
            name, value = unquote(name), unquote(value)

        if name in values:
            values[name].append(value)
        else:
            values[name] = [value]

    return values


def parse_cookies(headers: Iterable[str]) -> dict[str, str]:
    """Split ``Cookie`` headers; of equal names the first counts, as browsers send the most specific first."""
    cookies: dict[str, str] = {}
    for header in headers:
        for pair in header.split(";"):
            name, equals, value = pair.strip().partition("=")
            if not equals:
                continue

            if len(value) >= 2 and value[0] == value[-1] == '"':
                value = _ESCAPE.sub(_unescaped, value[1:-1])

            cookies.setdefault(name, value)

    return cookies


def _unescaped(match: re.Match[str]) -> str:
    escaped = match.group(1)
    return chr(int(escaped, 8)) if len(escaped) == 3 else escaped

# SPDX-License-Identifier: Apache-2.0
"""What a request offers to the parameters of its handler."""

import re
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import unquote_plus

_ESCAPE: Final = re.compile(r"\\([0-3][0-7][0-7]|.)")


class Exchange:
    """One HTTP request of an ASGI server, read lazily.

    Attributes:
        scope: The ASGI connection scope.
        receive: The ASGI channel from the client.
        send: The ASGI channel to the client.
        path_values: Texts of the path variables, in the order of the template.
        request_id: Id of the request.
        body: The whole body; read before the parameters are bound if one of them needs it.
    """

    __slots__ = ("_cookies", "_query", "body", "path_values", "receive", "request_id", "scope", "send")

    def __init__(
        self, scope: Any, receive: Any, send: Any, path_values: tuple[str, ...] = (), request_id: str = ""
    ) -> None:
        self.scope = scope
        self.receive = receive
        self.send = send
        self.path_values = path_values
        self.request_id = request_id
        self.body = b""
        self._query: dict[str, list[str]] | None = None
        self._cookies: dict[str, str] | None = None

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

    def header(self, name: bytes) -> str | None:
        """Return the first header of a name, given in lower case."""
        for key, value in self.scope["headers"]:
            if key == name:
                return str(value, "latin-1")

        return None

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
        if "%" in entry or "+" in entry:
            name, value = unquote_plus(name), unquote_plus(value)

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

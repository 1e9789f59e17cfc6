# SPDX-License-Identifier: Apache-2.0
"""The request as handlers and filters see it, whatever the web adapter."""

from collections.abc import AsyncIterator, Mapping, MutableMapping
from typing import Any, Protocol


class Request(Protocol):
    """Ask for the request in a handler: a parameter of this type is given the web adapter's own request."""

    @property
    def scope(self) -> MutableMapping[str, Any]:
        """The ASGI connection scope."""
        ...

    @property
    def method(self) -> str:
        """The HTTP method."""
        ...

    @property
    def url(self) -> Any:
        """The URL, with ``scheme``, ``path``, ``query`` and so on; its host is what the client says it is."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, by name in any case."""
        ...

    @property
    def query_params(self) -> Mapping[str, str]:
        """The query parameters; of repeated ones the last."""
        ...

    @property
    def path_params(self) -> Mapping[str, Any]:
        """The variables of the path."""
        ...

    @property
    def cookies(self) -> Mapping[str, str]:
        """The cookies."""
        ...

    @property
    def client(self) -> Any:
        """Address of the peer, with ``host`` and ``port``, or ``None``."""
        ...

    @property
    def state(self) -> Any:
        """Attributes that filters leave for handlers."""
        ...

    async def body(self) -> bytes:
        """Return the whole body."""
        ...

    async def json(self) -> Any:
        """Return the body, read as JSON.

        Raises:
            json.JSONDecodeError: The body is not JSON.
        """
        ...

    def stream(self) -> AsyncIterator[bytes]:
        """Yield the body piece by piece."""
        ...

    async def is_disconnected(self) -> bool:
        """Tell whether the client has gone away."""
        ...

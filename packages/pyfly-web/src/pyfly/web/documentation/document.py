# SPDX-License-Identifier: Apache-2.0
"""The OpenAPI document as it is served."""

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from threading import Lock
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class BuiltDocument:
    """A document that is ready to be sent.

    Attributes:
        content: The JSON.
        etag: Its entity tag, with quotes.
        origins: The other origins that its servers and its log-in flows are at.
    """

    content: bytes
    etag: str
    origins: tuple[str, ...]


class OpenApiDocument:
    """Build a document at the first request for it, once, in a worker thread.

    A failure is not remembered: the next request tries again.
    """

    def __init__(self, build: Callable[[], bytes]) -> None:
        """Keep what builds the document.

        Args:
            build: Returns the document as JSON.
        """
        self._build = build
        self._lock = Lock()
        self._built: BuiltDocument | None = None

    async def load(self) -> BuiltDocument:
        """Return the document; whoever comes while it is being built waits for it."""
        built = self._built
        return await asyncio.to_thread(self._build_once) if built is None else built

    def _build_once(self) -> BuiltDocument:
        with self._lock:
            built = self._built
            if built is None:
                built = self._built = _ready(self._build())

            return built


def _ready(content: bytes) -> BuiltDocument:
    origins = dict.fromkeys(_origins(json.loads(content)))
    return BuiltDocument(content, f'"{sha256(content).hexdigest()[:32]}"', tuple(origins))


def _origins(document: dict[str, Any]) -> Iterator[str]:
    for server in document.get("servers", ()):
        yield from _origin(server.get("url"))

    for scheme in document.get("components", {}).get("securitySchemes", {}).values():
        yield from _origin(scheme.get("openIdConnectUrl"))
        for flow in scheme.get("flows", {}).values():
            yield from _origin(flow.get("tokenUrl"))
            yield from _origin(flow.get("refreshUrl"))


def _origin(url: Any) -> Iterator[str]:
    parts = urlsplit(url) if isinstance(url, str) else None
    # Anything else could end the directive of the policy, or stand for every host.
    if parts and parts.scheme in ("http", "https") and parts.hostname and "{" not in parts.netloc:
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        if all(character.isalnum() or character in "-.:[]" for character in host):
            yield f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}"

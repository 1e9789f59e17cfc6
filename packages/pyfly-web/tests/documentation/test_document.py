# SPDX-License-Identifier: Apache-2.0
import asyncio
import json
import threading
from typing import Any

import pytest

from pyfly.web.documentation import OpenApiDocument


async def test_document_is_built_once_whoever_comes_first() -> None:
    built: list[str] = []
    ready = threading.Event()

    def build() -> bytes:
        assert ready.wait(10)
        built.append(threading.current_thread().name)
        return b"{}"

    document = OpenApiDocument(build)
    loads = [asyncio.create_task(document.load()) for _ in range(5)]
    ready.set()
    found = await asyncio.gather(*loads)

    assert built != [threading.main_thread().name]
    assert len(built) == 1
    assert all(each is found[0] for each in found)
    assert await document.load() is found[0]


async def test_failure_is_not_remembered() -> None:
    answers: list[bytes | Exception] = [ValueError("not yet"), b"{}"]

    def build() -> bytes:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer

        return answer

    document = OpenApiDocument(build)
    with pytest.raises(ValueError, match="not yet"):
        await document.load()

    assert (await document.load()).content == b"{}"


async def test_entity_tag_changes_with_the_content() -> None:
    first, same, other = [
        (await OpenApiDocument(lambda content=content: content).load()).etag  # type: ignore[misc]
        for content in (b'{"a":1}', b'{"a":1}', b'{"a":2}')
    ]

    assert first == same != other
    assert first.startswith('"')
    assert first.endswith('"')


def flows(**urls: str) -> dict[str, Any]:
    scheme = {"type": "oauth2", "flows": {"authorizationCode": urls}}
    return {"components": {"securitySchemes": {"login": scheme}}}


@pytest.mark.parametrize(
    ("document", "origins"),
    [
        ({}, ()),
        ({"servers": [{"url": "."}, {"url": "/api"}]}, ()),
        (
            {"servers": [{"url": "https://api.example/v1"}, {"url": "https://api.example/v2"}]},
            ("https://api.example",),
        ),
        ({"servers": [{"url": "http://api.example:8080/"}]}, ("http://api.example:8080",)),
        ({"servers": [{"url": "http://[::1]:8080/"}]}, ("http://[::1]:8080",)),
        ({"servers": [{"url": "https://{region}.example"}]}, ()),
        ({"servers": [{"url": "https://*; script-src *"}]}, ()),
        ({"servers": [{"url": "https://a b"}]}, ()),
        (
            flows(
                tokenUrl="https://id.example/token",
                refreshUrl="https://id2.example/",
                authorizationUrl="https://x",
            ),
            ("https://id.example", "https://id2.example"),
        ),
        (
            {
                "components": {
                    "securitySchemes": {"id": {"openIdConnectUrl": "https://id.example/.well-known"}}
                }
            },
            ("https://id.example",),
        ),
    ],
)
async def test_other_origins_are_those_of_servers_and_log_in_flows(
    document: dict[str, Any], origins: tuple[str, ...]
) -> None:
    loaded = await OpenApiDocument(lambda: json.dumps(document).encode()).load()

    assert loaded.origins == origins

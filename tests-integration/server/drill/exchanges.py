# SPDX-License-Identifier: Apache-2.0
"""What is asked of the drilled service, and the only right answer to it."""

import json
import random
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

WORKER_HEADER = "x-worker"
"""The header in which an answer tells the id of the process that gave it."""
PATTERN = random.Random(20).randbytes(256 * 1024)
"""Large answers are pieces of this, so that each byte can be checked."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request and its answer.

    Args:
        kind: What it is called in reports.
        request: Head and body, as they are sent.
        answer: The body of the right answer, whose status is 200.
    """

    kind: str
    request: bytes
    answer: bytes


def short(id: int) -> bytes:
    return json.dumps({"id": id, "items": [{"sku": "book", "quantity": 2}]}).encode()


def receipt(id: int, body: bytes) -> bytes:
    return json.dumps({"id": id, "length": len(body), "crc32": zlib.crc32(body)}).encode()


def exchanges(seed: int) -> Iterator[Exchange]:
    """Yield a random mix without an end; the same seed gives the same mix.

    It is of short answers, of large ones with and without a length, of slow ones, and of uploads.
    """
    choice = random.Random(seed)
    makers: list[Callable[[random.Random, int], Exchange]] = [_short, _large, _stream, _slow, _upload]
    # No answer fits two requests: one that comes to the wrong request is noticed.
    id = seed * 10_000_000
    while True:
        id += 1
        yield choice.choices(makers, (52, 16, 6, 10, 16))[0](choice, id)


def _short(choice: random.Random, id: int) -> Exchange:
    return Exchange("short", _get(f"/short?id={id}"), short(id))


def _slow(choice: random.Random, id: int) -> Exchange:
    milliseconds = choice.randrange(50, 200)
    return Exchange(f"slow ({milliseconds} ms)", _get(f"/slow?id={id}&ms={milliseconds}"), short(id))


def _large(choice: random.Random, id: int) -> Exchange:
    return _piece(choice, "large")


def _stream(choice: random.Random, id: int) -> Exchange:
    return _piece(choice, "stream")


def _upload(choice: random.Random, id: int) -> Exchange:
    start, size = choice.randrange(100_000), choice.choice((200, 2_000, 20_000, 100_000))
    body = PATTERN[start : start + size]
    head = f"POST /upload?id={id} HTTP/1.1\r\nhost: drill\r\ncontent-length: {size}\r\n\r\n"
    return Exchange(f"upload ({size} bytes)", head.encode() + body, receipt(id, body))


def _piece(choice: random.Random, kind: str) -> Exchange:
    start, size = choice.randrange(50_000), choice.randrange(50 * 1024, 200 * 1024)
    end = start + size
    return Exchange(f"{kind} ({size} bytes)", _get(f"/{kind}?start={start}&end={end}"), PATTERN[start:end])


def _get(target: str) -> bytes:
    return f"GET {target} HTTP/1.1\r\nhost: drill\r\naccept: */*\r\n\r\n".encode()

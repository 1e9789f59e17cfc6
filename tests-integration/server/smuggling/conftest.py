# SPDX-License-Identifier: Apache-2.0
"""A witness of requests on each server, and a client that sends whatever bytes it is given."""

import json
import re
import socket
import time
import urllib.request
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pytest

SERVERS = ("granian", "uvicorn", "hypercorn")
CLIENTS = 32
CLOSE_DEADLINE = 10
"""Seconds until a connection has to be closed. Kept connections stay open for much longer."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of the bytes that a client sent on a connection of its own.

    Attributes:
        answer: All that came back.
        closed: Whether the server closed the connection.
        taken: The application's requests, in order: the end of the path, and the body; None for a body that
            was not complete.
    """

    answer: bytes
    closed: bool
    taken: list[tuple[str, str | None]]

    @property
    def statuses(self) -> list[int]:
        """The status codes of the answers."""
        return [int(code) for code in re.findall(rb"HTTP/1\.[01] (\d{3})", self.answer)]

    @property
    def is_refused(self) -> bool:
        """Whether the client was told that its request is bad, or nothing, and cannot go on."""
        told = all(400 <= status < 500 or status in (501, 505) for status in self.statuses)
        return told and self.is_cut_off

    @property
    def is_cut_off(self) -> bool:
        """Whether the request was not understood, and the connection has ended with it."""
        understood = any(body is not None for _, body in self.taken)
        return self.closed and not understood and not any(status < 400 for status in self.statuses)


def send(port: int, request: bytes) -> tuple[bytes, bool]:
    """Send bytes; return what comes back before the end, and whether the server made the end."""
    answer, deadline = bytearray(), time.monotonic() + CLOSE_DEADLINE
    with socket.create_connection(("127.0.0.1", port), timeout=CLOSE_DEADLINE) as connection:
        try:
            connection.sendall(request)
        except ConnectionError:
            pass  # refused before its end
        except TimeoutError:
            return b"", False

        while (remaining := deadline - time.monotonic()) > 0:
            connection.settimeout(remaining)
            try:
                piece = connection.recv(65536)
            except ConnectionError:
                return bytes(answer), True
            except TimeoutError:
                break

            if not piece:
                return bytes(answer), True

            answer += piece

    return bytes(answer), False


@pytest.fixture(scope="module", params=SERVERS)
def judge(request: pytest.FixtureRequest, module_serve: Any) -> Callable[..., dict[str, Verdict]]:
    """Run the witness on a server; ``judge({name: bytes})`` sends each entry on a connection of its own.

    In the bytes, ``~`` stands for the number of the entry, so that the witness can tell them apart.
    """
    served = module_serve("witness", type=request.param, **{"keep-alive-timeout": 120})

    def verdicts(requests: Mapping[str, bytes]) -> dict[str, Verdict]:
        numbered = [
            bytes.replace(sent, b"~", b"%d" % number) for number, sent in enumerate(requests.values())
        ]
        with ThreadPoolExecutor(CLIENTS) as clients:
            outcomes = list(clients.map(lambda sent: send(served.port, sent), numbered))

        with urllib.request.urlopen(f"http://127.0.0.1:{served.port}/seen", timeout=30) as answer:
            seen = json.load(answer)

        return {
            name: Verdict(*outcome, taken_of(number, seen))
            for number, (name, outcome) in enumerate(zip(requests, outcomes, strict=True))
        }

    return verdicts


def taken_of(number: int, seen: list[dict[str, Any]]) -> list[tuple[str, str | None]]:
    return [
        (request["path"].rpartition("/")[2], request["body"] if request["complete"] else None)
        for request in seen
        if f"/{number}/" in request["path"]
    ]

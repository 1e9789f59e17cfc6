# SPDX-License-Identifier: Apache-2.0
"""Requests over HTTP/2 that would mean something else in HTTP/1 (RFC 9113, 8.2 and 10.3): refused."""

import json
import socket
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import ConnectionTerminated, ResponseReceived, StreamEnded, StreamReset

DEADLINE = 20
Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The status of the answer, None where the stream was ended, and what the witness has seen."""

    status: int | None
    taken: list[dict[str, Any]]


def request(*headers: tuple[bytes, bytes], **pseudo: bytes) -> Headers:
    fields = {"method": b"POST", "scheme": b"http", "authority": b"a", "path": b"/~/front", **pseudo}
    return [(b":" + name.encode(), value) for name, value in fields.items()] + list(headers)


def ask(port: int, headers: Headers, body: bytes) -> int | None:
    settings = H2Configuration(validate_outbound_headers=False, normalize_outbound_headers=False)
    protocol, status = H2Connection(settings), None
    protocol.initiate_connection()
    protocol.send_headers(1, headers)
    protocol.send_data(1, body, end_stream=True)
    with socket.create_connection(("127.0.0.1", port), timeout=DEADLINE) as connection:
        connection.sendall(protocol.data_to_send())
        while received := connection.recv(65536):
            for event in protocol.receive_data(received):
                if isinstance(event, ResponseReceived):
                    status = int(dict(event.headers)[b":status"])
                elif isinstance(event, StreamReset | ConnectionTerminated):
                    return None
                elif isinstance(event, StreamEnded):
                    return status

            connection.sendall(protocol.data_to_send())

    return None


@pytest.fixture(scope="module", params=["granian", "hypercorn"])
def judge(request: pytest.FixtureRequest, module_serve: Any) -> Callable[[str, Headers, bytes], Verdict]:
    served = module_serve("witness", type=request.param)

    def verdict(name: str, headers: Headers, body: bytes) -> Verdict:
        marked = [(field, value.replace(b"~", name.encode())) for field, value in headers]
        status = ask(served.port, marked, body)
        with urllib.request.urlopen(f"http://127.0.0.1:{served.port}/seen", timeout=DEADLINE) as answer:
            seen = json.load(answer)

        return Verdict(status, [request for request in seen if f"/{name}/" in request["path"]])

    return verdict


MALFORMED = {
    "length-too-large": request((b"content-length", b"9")),
    "length-too-small": request((b"content-length", b"2")),
    "two-lengths": request((b"content-length", b"5"), (b"content-length", b"4")),
    "length-of-letters": request((b"content-length", b"five")),
    "coding": request((b"transfer-encoding", b"chunked")),
    "connection": request((b"connection", b"close")),
    "keep-alive": request((b"keep-alive", b"timeout=5")),
    "upgrade": request((b"upgrade", b"websocket")),
    "line-break-in-value": request((b"x", b"y\r\nx-forged: 1")),
    "line-feed-in-value": request((b"x", b"y\nx-forged: 1")),
    "nul-in-value": request((b"x", b"y\0z")),
    "line-break-in-name": request((b"x\r\nx-forged", b"1")),
    "colon-in-name": request((b"x: y\r\nz", b"1")),
    "space-in-name": request((b"x y", b"z")),
    "upper-case-name": request((b"X", b"y")),
    "line-break-in-path": request(path=b"/~/front HTTP/1.1\r\nx-forged: 1"),
    "space-in-path": request(path=b"/~/front x"),
    "no-slash": request(path=b"~/front"),
    "line-break-in-method": request(method=b"GET / HTTP/1.1\r\nx-forged: 1"),
    "space-in-method": request(method=b"GET /x"),
    "line-break-in-host": request(authority=b"a\r\nx-forged: 1"),
    "account-in-host": request(authority=b"u@a"),
    "unknown-pseudo-header": request(forged=b"1"),
    "pseudo-header-twice": [*request(), (b":path", b"/~/smuggled")],
    "pseudo-header-last": [(b"x", b"y"), *request()],
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_request_over_http_2_is_refused(judge: Any, name: str) -> None:
    verdict = judge(name, MALFORMED[name], b"hello")

    assert verdict.status is None or 400 <= verdict.status < 500, verdict
    assert not any(request["complete"] for request in verdict.taken), verdict


def test_second_host_over_http_2_has_one_meaning_or_none(judge: Any) -> None:
    verdict = judge("two-hosts", request((b"host", b"b")), b"hello")

    # RFC 9113, 8.3.1: it is malformed; Granian hides one of them from us.
    assert verdict.status != 200 or [taken["body"] for taken in verdict.taken] == ["hello"]


def test_good_request_over_http_2_is_understood(judge: Any) -> None:
    verdict = judge("good", request((b"content-length", b"5"), (b"te", b"trailers")), b"hello")

    assert verdict.status == 200
    assert [(taken["path"], taken["body"]) for taken in verdict.taken] == [("/good/front", "hello")]

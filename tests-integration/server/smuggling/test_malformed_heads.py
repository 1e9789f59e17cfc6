# SPDX-License-Identifier: Apache-2.0
"""Heads of requests that are no HTTP, or too large: refused before the application sees them."""

from typing import Any

import pytest

CLOSE = b"Connection: close"
LINE = b"GET /~/front HTTP/1.1"
POST = b"POST /~/front HTTP/1.1"


def head(*lines: bytes, line: bytes = LINE) -> bytes:
    return b"".join(part + b"\r\n" for part in (line, *lines, b""))


def line(text: bytes) -> bytes:
    return head(b"Host: a", line=text)


def forging(name: str) -> bytes:
    """Ask for an answer with one of the forged headers of the witness."""
    return head(b"Host: a", CLOSE, line=f"GET /~/front?forge={name} HTTP/1.1".encode())


HEADERS = {
    "bare-cr": head(b"Host: a", b"X: y\rz"),
    "cr-cr-lf": head(b"Host: a", b"X: y\r"),
    "nul": head(b"Host: a", b"X: y\0z"),
    "control": head(b"Host: a", b"X: y\x01z"),
    "delete": head(b"Host: a", b"X: y\x7fz"),
    "nul-in-name": head(b"Host: a", b"X\0: y"),
    "high-byte-in-name": head(b"Host: a", b"X\xe9: y"),
    "parenthesis-in-name": head(b"Host: a", b"X(: y"),
    "space-in-name": head(b"Host: a", b"X Y: z"),
    "space-before-colon": head(b"Host: a", b"X : y"),
    "no-name": head(b"Host: a", b": y"),
    "no-colon": head(b"Host: a", b"foo"),
    "space-before-the-first": head(b" Host: a", b"Host: a"),
}

HOSTS = {
    "none": head(),
    "none-with-a-body": head(b"Content-Length: 0", line=POST),
    "two": head(b"Host: a", b"Host: b"),
    "the-same-twice": head(b"Host: a", b"Host: a"),
    "list": head(b"Host: a, b"),
    "space": head(b"Host: a b"),
    "path": head(b"Host: a/b"),
    "account": head(b"Host: u@a"),
    "empty": head(b"Host:"),
    "port": head(b"Host: a:b"),
    "port-too-large": head(b"Host: a:65536"),
    "open-bracket": head(b"Host: [::1"),
}

LINES = {
    "version-0.9": line(b"GET /~/front HTTP/0.9"),
    "version-1.2": line(b"GET /~/front HTTP/1.2"),
    "version-2.0": line(b"GET /~/front HTTP/2.0"),
    "version-9.9": line(b"GET /~/front HTTP/9.9"),
    "version-without-minor": line(b"GET /~/front HTTP/1."),
    "version-without-dot": line(b"GET /~/front HTTP/11"),
    "version-with-three-digits": line(b"GET /~/front HTTP/1.10"),
    "version-with-zero": line(b"GET /~/front HTTP/01.1"),
    "version-in-lower-case": line(b"GET /~/front http/1.1"),
    "other-protocol": line(b"GET /~/front HTTQ/1.1"),
    "simple-request": b"GET /~/front\r\n\r\n",
    "method-with-brackets": line(b"G[]T /~/front HTTP/1.1"),
    "method-with-nul": line(b"G\0T /~/front HTTP/1.1"),
    "method-with-high-byte": line(b"G\xc9T /~/front HTTP/1.1"),
    "no-method": line(b" /~/front HTTP/1.1"),
    "connect": head(b"Host: a:80", line=b"CONNECT a:80 HTTP/1.1"),
    "authority": line(b"GET a:80 HTTP/1.1"),
    "no-slash": line(b"GET ~/front HTTP/1.1"),
    "space-before": line(b" GET /~/front HTTP/1.1"),
    "tab-before": line(b"\tGET /~/front HTTP/1.1"),
    "nul-before": line(b"\0GET /~/front HTTP/1.1"),
    "tabs": line(b"GET\t/~/front\tHTTP/1.1"),
    "space-in-target": line(b"GET /~/front x HTTP/1.1"),
    "space-after": line(b"GET /~/front HTTP/1.1 "),
    "nul-in-target": line(b"GET /~/front\0 HTTP/1.1"),
    "control-in-target": line(b"GET /~/front\x01 HTTP/1.1"),
    "cr-in-target": line(b"GET /~/fr\ront HTTP/1.1"),
    "high-byte-in-target": line(b"GET /~/front\xff HTTP/1.1"),
    "tls": bytes.fromhex("16030100a5010000a10303") + bytes(160),
}

TOO_LARGE = {
    "target": line(b"GET /~/front?" + b"a" * 500_000 + b" HTTP/1.1"),
    "target-without-end": b"GET /~/front?" + b"a" * 500_000,
    "method": line(b"G" * 500_000 + b" /~/front HTTP/1.1"),
    "header": head(b"Host: a", b"X: " + b"y" * 500_000),
    "header-without-end": b"GET /~/front HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 500_000,
    "headers": head(b"Host: a", *(b"X-%d: " % number + b"y" * 6000 for number in range(80))),
    "name": head(b"Host: a", b"X" * 500_000 + b": y"),
    "number-of-headers": head(b"Host: a", *(b"X-%d: y" % number for number in range(50_000))),
}

ONE_MEANING = {
    "line-ends-with-lf": b"GET /~/front HTTP/1.1\nHost: a\r\nConnection: close\r\n\r\n",
    "header-ends-with-lf": b"GET /~/front HTTP/1.1\r\nHost: a\nConnection: close\r\n\r\n",
    "head-ends-with-lf": b"GET /~/front HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\n",
    "folded": head(b"Host: a", CLOSE, b"X: y", b" z"),
    "empty-line-before": b"\r\n" + head(b"Host: a", CLOSE),
    "two-spaces": head(b"Host: a", CLOSE, line=b"GET  /~/front HTTP/1.1"),
    "fragment": head(b"Host: a", CLOSE, line=b"GET /~/front#x HTTP/1.1"),
    "bad-host-in-target": head(b"Host: a", CLOSE, line=b"GET http://b:80:80/~/front HTTP/1.1"),
    "other-host-in-target": head(b"Host: a", CLOSE, line=b"GET http://b/~/front HTTP/1.1"),
}

UNDERSTOOD = {
    "absolute": head(b"Host: a", CLOSE, line=b"GET http://a/~/front HTTP/1.1"),
    "port": head(b"Host: a:80", CLOSE),
    "address": head(b"Host: [::1]:80", CLOSE),
    "latin-1": head(b"Host: a", CLOSE, b"X: \xe9"),
    "tab-in-value": head(b"Host: a", CLOSE, b"X:\ty\tz"),
    "own-method": head(b"Host: a", CLOSE, line=b"PURGE /~/front HTTP/1.1"),
    "version-1.0": b"GET /~/front HTTP/1.0\r\n\r\n",
}

FORGED = ("crlf", "lf", "cr", "nul", "body", "name", "name-with-space")

REFUSED = {
    f"{kind}-{name}": request
    for kind, requests in {"header": HEADERS, "host": HOSTS, "line": LINES}.items()
    for name, request in requests.items()
}
SENT = {
    **REFUSED,
    **{f"large-{name}": request for name, request in TOO_LARGE.items()},
    **{f"one-{name}": request for name, request in ONE_MEANING.items()},
    **{f"good-{name}": request for name, request in UNDERSTOOD.items()},
    **{f"forged-{name}": forging(name) for name in FORGED},
}


@pytest.fixture(scope="module")
def verdicts(judge: Any) -> Any:
    return judge(SENT)


@pytest.mark.parametrize("name", REFUSED)
def test_malformed_head_is_refused(verdicts: Any, name: str) -> None:
    assert verdicts[name].is_refused, verdicts[name]


@pytest.mark.parametrize("name", TOO_LARGE)
def test_head_beyond_any_measure_is_refused(verdicts: Any, name: str) -> None:
    assert verdicts[f"large-{name}"].is_refused, verdicts[f"large-{name}"]


@pytest.mark.parametrize("name", ONE_MEANING)
def test_head_that_servers_differ_about_has_one_meaning_or_none(verdicts: Any, name: str) -> None:
    verdict = verdicts[f"one-{name}"]

    assert verdict.is_refused or (verdict.closed and verdict.taken == [("front", "")]), verdict


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_good_head_is_understood(verdicts: Any, name: str) -> None:
    verdict = verdicts[f"good-{name}"]

    assert (verdict.statuses, verdict.taken) == ([200], [("front", "")])


@pytest.mark.parametrize("name", FORGED)
def test_application_cannot_forge_headers_with_a_value(verdicts: Any, name: str) -> None:
    verdict = verdicts[f"forged-{name}"]

    assert b"x-forged" not in verdict.answer
    assert verdict.statuses in ([], [500])

# SPDX-License-Identifier: Apache-2.0
"""Requests whose end can be read in two ways: refused, and never a second request taken from the body.

What is refused here is what RFC 9112 (sections 5 to 7) lets or makes a server refuse.
"""

from typing import Any

import pytest

HIDDEN = b"GET /~/smuggled HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
LAST = b"0\r\n\r\n"


def post(headers: bytes, body: bytes = b"", *, version: bytes = b"1.1") -> bytes:
    return b"POST /~/front HTTP/" + version + b"\r\nHost: a\r\n" + headers + b"\r\n" + body


def coded(*headers: bytes) -> bytes:
    """Return a request that ends at once for who believes in chunks, and holds another for who does not."""
    return post(b"".join(header + b"\r\n" for header in headers), LAST + HIDDEN)


def measured(*headers: bytes) -> bytes:
    """Return a request with a body of five bytes, for who believes one of its lengths."""
    return post(b"".join(header + b"\r\n" for header in headers), b"hello" + HIDDEN)


def chunks(body: bytes) -> bytes:
    return post(CHUNKED, body + HIDDEN)


MEASURED_AND_CODED = {
    "length-then-chunks": coded(b"Content-Length: %d" % (5 + len(HIDDEN)), b"Transfer-Encoding: chunked"),
    "chunks-then-length": coded(b"Transfer-Encoding: chunked", b"Content-Length: 4"),
    "after-bare-lf": coded(b"Content-Length: 5", b"X: y\nTransfer-Encoding: chunked"),
    "old-version": post(b"Content-Length: 5\r\n" + CHUNKED, LAST + HIDDEN, version=b"1.0"),
}

DISGUISED = {
    "identity": coded(b"Content-Length: 5", b"Transfer-Encoding: identity"),
    "empty": coded(b"Content-Length: 5", b"Transfer-Encoding:"),
    "space-before-colon": coded(b"Content-Length: 5", b"Transfer-Encoding : chunked"),
    "tab-before-colon": coded(b"Content-Length: 5", b"Transfer-Encoding\t: chunked"),
    "leading-space": coded(b"Content-Length: 5", b" Transfer-Encoding: chunked"),
    "folded": coded(b"Content-Length: 5", b"Transfer-Encoding:\r\n chunked"),
    "vertical-tab": coded(b"Content-Length: 5", b"Transfer-Encoding: \x0bchunked"),
    "form-feed": coded(b"Content-Length: 5", b"Transfer-Encoding: chunked\x0c"),
    "nul": coded(b"Content-Length: 5", b"Transfer-Encoding: chunked\0"),
    "nul-in-name": coded(b"Content-Length: 5", b"Transfer-Encoding\0: chunked"),
    "quoted": coded(b"Content-Length: 5", b'Transfer-Encoding: "chunked"'),
    "parameter": coded(b"Content-Length: 5", b"Transfer-Encoding: chunked;q=1"),
    "high-byte": coded(b"Content-Length: 5", b"Transfer-Encoding: chunked\xff"),
    "after-bare-cr": coded(b"Content-Length: 5", b"X: y\rTransfer-Encoding: chunked"),
    "twice-and-length": coded(
        b"Content-Length: 5", b"Transfer-Encoding: chunked", b"Transfer-Encoding: identity"
    ),
}

CODINGS = {
    "unknown": coded(b"Transfer-Encoding: xchunked"),
    "not-last": coded(b"Transfer-Encoding: chunked, x"),
    "after-unknown": coded(b"Transfer-Encoding: x, chunked"),
    "identity": coded(b"Transfer-Encoding: identity"),
    "identity-first": coded(b"Transfer-Encoding: identity, chunked"),
    "identity-last": coded(b"Transfer-Encoding: chunked, identity"),
    "chunked-chunked": coded(b"Transfer-Encoding: chunked, chunked"),
    "gzip-chunked": coded(b"Transfer-Encoding: gzip, chunked"),
    "gzip": coded(b"Transfer-Encoding: gzip"),
    "twice": coded(b"Transfer-Encoding: chunked", b"Transfer-Encoding: chunked"),
    "twice-unknown-last": coded(b"Transfer-Encoding: chunked", b"Transfer-Encoding: x"),
    "twice-unknown-first": coded(b"Transfer-Encoding: x", b"Transfer-Encoding: chunked"),
    "nothing": coded(b"Transfer-Encoding:"),
    "comma-before": coded(b"Transfer-Encoding: ,chunked"),
    "comma-after": coded(b"Transfer-Encoding: chunked,"),
    "old-version": post(b"Connection: keep-alive\r\n" + CHUNKED, LAST + HIDDEN, version=b"1.0"),
}

LENGTHS = {
    "two": measured(b"Content-Length: 5", b"Content-Length: 0"),
    "two-turned": measured(b"Content-Length: 0", b"Content-Length: 5"),
    "list": measured(b"Content-Length: 5, 0"),
    "plus": measured(b"Content-Length: +5"),
    "minus": measured(b"Content-Length: -5"),
    "minus-zero": measured(b"Content-Length: -0"),
    "hexadecimal": measured(b"Content-Length: 0x5"),
    "fraction": measured(b"Content-Length: 5.0"),
    "exponent": measured(b"Content-Length: 5e0"),
    "underscore": measured(b"Content-Length: 0_5"),
    "space-inside": measured(b"Content-Length: 5 0"),
    "nothing": measured(b"Content-Length:"),
    "word": measured(b"Content-Length: five"),
    "other-digits": measured("Content-Length: \N{ARABIC-INDIC DIGIT FIVE}".encode()),
    "superscript": measured(b"Content-Length: \xb2"),
    "2-to-the-64": measured(b"Content-Length: 18446744073709551621"),
    "hundred-digits": measured(b"Content-Length: " + b"9" * 100),
    "nul": measured(b"Content-Length: 5\0"),
    "vertical-tab": measured(b"Content-Length: \x0b5"),
    "space-before-colon": measured(b"Content-Length : 5"),
    "quoted": measured(b'Content-Length: "5"'),
    "semicolon": measured(b"Content-Length: 5;"),
    "comma": measured(b"Content-Length: 5,"),
}

CHUNKS = {
    "prefix": chunks(b"0x5\r\nhello\r\n" + LAST),
    "minus": chunks(b"-5\r\nhello\r\n" + LAST),
    "plus": chunks(b"+5\r\nhello\r\n" + LAST),
    "underscore": chunks(b"0_5\r\nhello\r\n" + LAST),
    "word": chunks(b"xyz\r\nhello\r\n" + LAST),
    "nothing": chunks(b"\r\nhello\r\n" + LAST),
    "space-before": chunks(b" 5\r\nhello\r\n" + LAST),
    "space-inside": chunks(b"5 5\r\nhello\r\n" + LAST),
    "more-than-64-bits": chunks(b"FFFFFFFFFFFFFFFFF\r\nhello\r\n" + LAST),
    "wraps-to-five": chunks(b"10000000000000005\r\nhello\r\n" + LAST),
    "size-ends-with-lf": chunks(b"5\nhello\r\n" + LAST),
    "size-ends-with-cr": chunks(b"5\rhello\r\n" + LAST),
    "size-ends-with-cr-and-more": chunks(b"5\rXhello\r\n" + LAST),
    "data-ends-with-lf": chunks(b"5\r\nhello\n" + LAST),
    "data-without-end": chunks(b"5\r\nhello" + LAST),
    "data-longer": chunks(b"5\r\nhelloXX" + LAST),
    "data-ends-with-cr-and-more": chunks(b"5\r\nhello\rX" + LAST),
    "last-ends-with-lf": chunks(b"5\r\nhello\r\n0\n\n"),
    "extension-ends-with-lf": chunks(b"5;a\nhello\r\n" + LAST),
    "extension-hides-last": chunks(b"5;\n0\r\n\r\n"),
    "quoted-line-break": chunks(b'5;a="\r\nb"\r\nhello\r\n' + LAST),
    "bad-trailer": chunks(b"0\r\nfoo bar\r\n\r\n"),
    "trailer-beyond-any-measure": chunks(b"0\r\n" + b"X: y\r\n" * 100_000),
}

AMBIGUOUS = {
    "same-length-twice": (measured(b"Content-Length: 5", b"Content-Length: 5"), "hello"),
    "same-length-listed": (measured(b"Content-Length: 5, 5"), "hello"),
    "leading-zeros": (measured(b"Content-Length: 005"), "hello"),
    "length-after-lf": (measured(b"X: y\nContent-Length: 5"), "hello"),
    "folded-length": (measured(b"Content-Length:\r\n 5"), "hello"),
    "space-after-size": (chunks(b"5 \r\nhello\r\n" + LAST), "hello"),
    "nul-in-extension": (chunks(b"5;a=\0\r\nhello\r\n" + LAST), "hello"),
    "cr-in-extension": (chunks(b"5;a\rb\r\nhello\r\n" + LAST), "hello"),
    "length-in-trailer": (chunks(b"5\r\nhello\r\n0\r\nContent-Length: 50\r\n\r\n"), "hello"),
    "many-leading-zeros": (chunks(b"0" * 5000 + b"5\r\nhello\r\n" + LAST), "hello"),
    "underscored-coding": (measured(b"Content-Length: 5", b"Transfer_Encoding: chunked"), "hello"),
}

UNDERSTOOD = {
    "length": (post(b"Content-Length: 5\r\nConnection: close\r\n", b"hello"), "hello"),
    "chunks": (post(CHUNKED + b"Connection: close\r\n", b"5\r\nhello\r\n" + LAST), "hello"),
    "upper-case": (
        post(CHUNKED.upper() + b"Connection: close\r\n", b"A\r\nhello, you\r\n" + LAST),
        "hello, you",
    ),
    "extensions": (post(CHUNKED + b"Connection: close\r\n", b'5;a="b"\r\nhello\r\n0;c\r\n\r\n'), "hello"),
    "trailer": (post(CHUNKED + b"Connection: close\r\n", b"5\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n"), "hello"),
    "no-body": (post(b"Connection: close\r\n"), ""),
}

REFUSED = {
    f"{kind}-{name}": request
    for kind, requests in {"disguised": DISGUISED, "coding": CODINGS, "length": LENGTHS}.items()
    for name, request in requests.items()
}
SENT = {
    **REFUSED,
    **MEASURED_AND_CODED,
    **CHUNKS,
    **{name: request for name, (request, _) in {**AMBIGUOUS, **UNDERSTOOD}.items()},
    "pipelined": post(b"Content-Length: 5\r\n", b"hello")
    + b"GET /~/second HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
}


@pytest.fixture(scope="module")
def verdicts(judge: Any) -> Any:
    return judge(SENT)


@pytest.mark.parametrize("name", REFUSED)
def test_request_without_a_clear_end_is_refused(verdicts: Any, name: str) -> None:
    assert verdicts[name].is_refused, verdicts[name]


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_request_that_servers_differ_about_has_one_meaning_or_none(verdicts: Any, name: str) -> None:
    verdict, body = verdicts[name], AMBIGUOUS[name][1]

    # The request behind it is a request of its own, which may be answered too.
    assert verdict.is_cut_off or verdict.taken == [("front", body), ("smuggled", "")], verdict


@pytest.mark.parametrize("name", MEASURED_AND_CODED)
def test_request_with_a_length_and_chunks_is_the_last_of_its_connection(verdicts: Any, name: str) -> None:
    verdict = verdicts[name]

    # RFC 9112, 6.1: a server may believe the chunks alone, and then has to close the connection.
    assert verdict.is_refused or (verdict.closed and verdict.taken == [("front", "")]), verdict


@pytest.mark.parametrize("name", CHUNKS)
def test_body_with_bad_chunks_is_cut_off(verdicts: Any, name: str) -> None:
    assert verdicts[name].is_cut_off, verdicts[name]


@pytest.mark.parametrize("name", UNDERSTOOD)
def test_good_request_is_understood(verdicts: Any, name: str) -> None:
    assert verdicts[name].taken == [("front", UNDERSTOOD[name][1])]
    assert verdicts[name].statuses == [200]


def test_requests_of_a_connection_are_answered_in_their_order(verdicts: Any) -> None:
    assert verdicts["pipelined"].taken == [("front", "hello"), ("second", "")]
    assert verdicts["pipelined"].statuses == [200, 200]

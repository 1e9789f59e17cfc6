# SPDX-License-Identifier: Apache-2.0
import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfly.server.request_guard import guarded

HOST = (b"host", b"shop.example.com")
CHUNKED = (b"transfer-encoding", b"chunked")
MALFORMED_TARGET = "The request target is malformed."
SEVERAL_CODINGS = "There are several Transfer-Encoding headers."
WRONG_CODING = "The Transfer-Encoding header is not chunked."
WRONG_HOST = "The Host header is malformed."
WRONG_LENGTH = "The Content-Length header is malformed."


class Application:
    """Remembers the scopes that it has seen."""

    def __init__(self):
        self.scopes = []

    async def __call__(self, scope, receive, send):
        self.scopes.append(scope)


class Answer:
    """What a client gets."""

    def __init__(self):
        self.messages = []

    async def __call__(self, message):
        self.messages.append(message)

    @property
    def status(self):
        return self.messages[0]["status"]

    @property
    def headers(self):
        return dict(self.messages[0]["headers"])

    @property
    def text(self):
        return self.messages[1]["body"].decode().removesuffix("\n")


def http(*headers, version="1.1", method="GET", target=b"/orders", query=b""):
    return {
        "type": "http",
        "http_version": version,
        "method": method,
        "path": target.decode("latin-1"),
        "raw_path": target,
        "query_string": query,
        "headers": list(headers),
    }


def websocket(*headers, version="1.1", extensions=("websocket.http.response",)):
    scope = http(*headers, version=version)
    del scope["method"]
    return {**scope, "type": "websocket", "extensions": {key: {} for key in extensions}}


async def never():
    raise AssertionError("the body of a refused request is not read")


async def ask(scope, *, checks_values=False):
    application, answer = Application(), Answer()
    await guarded(application, checks_values=checks_values)(scope, never, answer)
    return application.scopes, answer


GOOD = {
    "plain": http(HOST),
    "port": http((b"host", b"localhost:8000")),
    "empty port": http((b"host", b"localhost:")),
    "dot at the end": http((b"host", b"shop.example.com.")),
    "underscore": http((b"host", b"orders_service:80")),
    "IPv4": http((b"host", b"127.0.0.1")),
    "IPv6": http((b"host", b"[::1]:8000")),
    "host after others": http((b"accept", b"*/*"), HOST),
    "content length": http(HOST, (b"content-length", b"17"), method="POST"),
    "content length 0": http(HOST, (b"content-length", b"0"), method="POST"),
    "chunked": http(HOST, CHUNKED, method="POST"),
    "chunked, other case": http(HOST, (b"transfer-encoding", b"Chunked"), method="POST"),
    "trailers wanted": http(HOST, (b"te", b"trailers"), (b"connection", b"te")),
    "upgrade offered": http(HOST, (b"connection", b"upgrade"), (b"upgrade", b"h2c")),
    "latin-1 in a value": http(HOST, (b"x-name", b"Ren\xe9")),
    "tab in a value": http(HOST, (b"x-name", b"a\tb")),
    "repeated header": http(HOST, (b"accept", b"text/html"), (b"accept", b"*/*")),
    "options of the server": http(HOST, method="OPTIONS", target=b"*"),
    "unusual method": http(HOST, method="M-SEARCH"),
    "two slashes": http(HOST, target=b"//elsewhere/x"),
    "query": http(HOST, query=b"a=1&b=/?x"),
    "HTTP/1.0": http(version="1.0"),
    "HTTP/1.0 of Granian": http((b"host", b""), version="1"),
    "HTTP/1.0 with host": http(HOST, version="1.0"),
    "HTTP/2": http(HOST, (b"te", b"trailers"), (b"cookie", b"a"), (b"cookie", b"b"), version="2"),
    "HTTP/3": http(HOST, version="3"),
    "WebSocket": websocket(HOST, (b"connection", b"upgrade"), (b"upgrade", b"websocket")),
    "WebSocket, length 0": websocket(HOST, (b"content-length", b"0")),
    "WebSocket over HTTP/2": websocket(HOST, version="2"),
    "lifespan": {"type": "lifespan", "asgi": {"version": "3.0"}},
}

MALFORMED = {
    "coding unknown": (http(HOST, (b"transfer-encoding", b"x")), WRONG_CODING),
    "coding before chunked": (http(HOST, (b"transfer-encoding", b"x, chunked")), WRONG_CODING),
    "comma before chunked": (http(HOST, (b"transfer-encoding", b",chunked")), WRONG_CODING),
    "chunked twice": (http(HOST, (b"transfer-encoding", b"chunked, chunked")), WRONG_CODING),
    "coding empty": (http(HOST, (b"transfer-encoding", b"")), WRONG_CODING),
    "two codings": (http(HOST, (b"transfer-encoding", b"x"), CHUNKED), SEVERAL_CODINGS),
    "two times chunked": (http(HOST, CHUNKED, CHUNKED), SEVERAL_CODINGS),
    "length and coding": (
        http(HOST, (b"content-length", b"5"), CHUNKED),
        "There are a Content-Length and a Transfer-Encoding header.",
    ),
    "coding and length": (
        http(HOST, CHUNKED, (b"content-length", b"5")),
        "There are a Content-Length and a Transfer-Encoding header.",
    ),
    "coding in HTTP/1.0": (http(HOST, CHUNKED, version="1.0"), "HTTP/1.0 has no Transfer-Encoding header."),
    "no host": (http(), "The Host header is missing."),
    "empty host": (http((b"host", b"")), "The Host header is missing."),
    "no host in HTTP/2": (http((b"host", b""), version="2"), "The Host header is missing."),
    "two hosts": (http(HOST, (b"host", b"other")), "There are several Host headers."),
    "two equal hosts": (http(HOST, HOST), "There are several Host headers."),
    "two hosts in HTTP/1.0": (http(HOST, HOST, version="1.0"), "There are several Host headers."),
    "list of hosts": (http((b"host", b"a, b")), WRONG_HOST),
    "blank in host": (http((b"host", b"a b")), WRONG_HOST),
    "path in host": (http((b"host", b"a/b")), WRONG_HOST),
    "user in host": (http((b"host", b"user@a")), WRONG_HOST),
    "port no number": (http((b"host", b"a:b")), WRONG_HOST),
    "port too large": (http((b"host", b"a:65536")), WRONG_HOST),
    "port alone": (http((b"host", b":80")), WRONG_HOST),
    "two dots": (http((b"host", b"a..b")), WRONG_HOST),
    "no IPv6 address": (http((b"host", b"[1::2::3]")), WRONG_HOST),
    "host too long": (http((b"host", b"a" * 300)), WRONG_HOST),
    "host beyond ASCII": (http((b"host", b"caf\xe9")), WRONG_HOST),
    "wrong host in HTTP/1.0": (http((b"host", b"a b"), version="1.0"), WRONG_HOST),
    "CONNECT": (http(HOST, method="CONNECT", target=b"shop.example.com:80"), "This server is no proxy."),
    "CONNECT of Granian": (http(HOST, method="CONNECT", target=b""), "This server is no proxy."),
    "CONNECT with a path": (http(HOST, method="CONNECT"), "This server is no proxy."),
    "host and port as target": (http(HOST, target=b"shop.example.com:80"), MALFORMED_TARGET),
    "no slash": (http(HOST, target=b"orders"), MALFORMED_TARGET),
    "encoded slash": (http(HOST, target=b"%2Forders"), MALFORMED_TARGET),
    "asterisk": (http(HOST, target=b"*"), MALFORMED_TARGET),
    "empty target": (http(HOST, target=b""), MALFORMED_TARGET),
    "other scheme": (http(HOST, target=b"ftp://shop.example.com/"), MALFORMED_TARGET),
    "absolute in HTTP/2": (http(HOST, target=b"http://shop.example.com/", version="2"), MALFORMED_TARGET),
    "absolute for another": (
        http(HOST, target=b"http://evil/orders"),
        "The request target and the Host header differ.",
    ),
    "absolute with a user": (
        http(HOST, target=b"http://u@shop.example.com/orders"),
        "The request target and the Host header differ.",
    ),
    "connection in HTTP/2": (
        http(HOST, (b"connection", b"close"), version="2"),
        "There is a header that only HTTP/1 has.",
    ),
    "coding in HTTP/3": (http(HOST, CHUNKED, version="3"), "There is a header that only HTTP/1 has."),
    "te in HTTP/2": (http(HOST, (b"te", b"gzip"), version="2"), "There is a header that only HTTP/1 has."),
    "WebSocket with a body": (
        websocket(HOST, (b"content-length", b"5")),
        "The handshake of a WebSocket has no body.",
    ),
    "chunked WebSocket": (websocket(HOST, CHUNKED), "The handshake of a WebSocket has no body."),
    "WebSocket in HTTP/1.0": (websocket(HOST, version="1.0"), "WebSockets need HTTP/1.1."),
    "WebSocket without host": (websocket(), "The Host header is missing."),
}

UNSAFE_VALUES = {
    "control character": (
        http(HOST, (b"x-name", b"a\x01b")),
        "There is a control character in a header.",
    ),
    "delete": (http(HOST, (b"x-name", b"a\x7fb")), "There is a control character in a header."),
    "line feed": (
        http(HOST, (b"x-name", b"a\nb"), version="2"),
        "There is a control character in a header.",
    ),
    "in a name": (http(HOST, (b"x\0", b"a")), "There is a control character in a header."),
    "fragment": (http(HOST, target=b"/orders#x"), MALFORMED_TARGET),
    "fragment after query": (http(HOST, query=b"a#x"), MALFORMED_TARGET),
    "blank in target": (http(HOST, target=b"/a b", version="2"), MALFORMED_TARGET),
    "beyond ASCII in target": (http(HOST, target=b"/caf\xe9"), MALFORMED_TARGET),
    "blank in method": (http(HOST, method="GET /x"), "The method is malformed."),
    "length no number": (http(HOST, (b"content-length", b"+5")), WRONG_LENGTH),
    "length too large": (http(HOST, (b"content-length", b"18446744073709551621")), WRONG_LENGTH),
    "two lengths": (
        http(HOST, (b"content-length", b"5"), (b"content-length", b"5")),
        "There are several Content-Length headers.",
    ),
}


@pytest.mark.parametrize("checks_values", [False, True])
@pytest.mark.parametrize("scope", GOOD.values(), ids=GOOD)
async def test_good_request_reaches_the_application_untouched(scope, checks_values):
    application = Application()
    guard = guarded(application, checks_values=checks_values)

    before = repr(scope)
    await guard(scope, never, never)
    await guard(scope, never, never)

    assert [seen is scope for seen in application.scopes] == [True, True]
    assert repr(scope) == before


@pytest.mark.parametrize("checks_values", [False, True])
@pytest.mark.parametrize(("scope", "reason"), MALFORMED.values(), ids=MALFORMED)
async def test_malformed_request_is_refused_with_a_reason(scope, reason, checks_values):
    seen, answer = await ask(scope, checks_values=checks_values)

    assert (seen, answer.status, answer.text) == ([], 400, reason)
    assert int(answer.headers[b"content-length"]) == len(answer.messages[1]["body"])


@pytest.mark.parametrize(("scope", "reason"), UNSAFE_VALUES.values(), ids=UNSAFE_VALUES)
async def test_values_that_some_servers_let_through_are_refused_on_demand(scope, reason):
    seen, answer = await ask(scope, checks_values=True)

    assert (seen, answer.status, answer.text) == ([], 400, reason)


@pytest.mark.parametrize("version", ["0.9", "1.2", "2.0", "9.9", ""])
async def test_unknown_version_is_refused(version):
    seen, answer = await ask(http(HOST, version=version))

    assert (seen, answer.status) == ([], 505)
    assert answer.headers[b"connection"] == b"close"


async def test_connection_ends_where_nobody_knows_where_the_next_request_begins():
    _, answer = await ask(http(HOST, CHUNKED, CHUNKED))

    assert answer.headers[b"connection"] == b"close"


async def test_answer_over_http_2_has_no_header_of_connections():
    _, answer = await ask(http(version="2"))

    assert set(answer.headers) == {b"content-type", b"content-length"}


@pytest.mark.parametrize(
    ("target", "path"),
    [
        (b"http://shop.example.com/a%20b", "/a b"),
        (b"HTTPS://SHOP.example.com/caf%C3%A9", "/café"),
        (b"http://shop.example.com", "/"),
        (b"http://shop.example.com//x", "//x"),
    ],
)
async def test_absolute_target_becomes_a_path(target, path):
    scope = http(HOST, target=target, query=b"q=1")

    (seen,), _ = await ask(scope)

    assert seen["path"] == path
    assert seen["raw_path"].startswith(b"/")
    assert {**seen, "path": 0, "raw_path": 0} == {**scope, "path": 0, "raw_path": 0}


async def test_path_is_checked_where_a_server_keeps_no_raw_one():
    scope = http(HOST)
    del scope["raw_path"]
    seen, _ = await ask(scope)
    _, answer = await ask({**scope, "path": "orders"})

    assert seen == [scope]
    assert answer.text == MALFORMED_TARGET


async def test_websocket_is_refused_with_an_answer():
    seen, answer = await ask(websocket())

    assert seen == []
    assert [message["type"] for message in answer.messages] == [
        "websocket.http.response.start",
        "websocket.http.response.body",
    ]
    assert answer.headers[b"connection"] == b"close"


async def test_websocket_is_closed_where_the_server_has_no_answer_for_it():
    seen, answer = await ask(websocket(extensions=()))

    assert (seen, answer.messages) == ([], [{"type": "websocket.close", "code": 1002}])


async def test_client_that_is_gone_is_no_error():
    async def gone(message):
        raise OSError("the client has gone")

    application = Application()
    await guarded(application)(http(), never, gone)

    assert application.scopes == []


async def test_verdict_stays_the_same_after_many_hosts():
    application, answer = Application(), Answer()
    guard = guarded(application)

    for number in range(3000):
        await guard(http((b"host", b"host-%d" % number)), never, answer)

    await guard(http((b"host", b"host-0")), never, answer)
    await guard(http((b"host", b"host 0")), never, answer)

    assert len(application.scopes) == 3001
    assert answer.status == 400


def test_good_request_costs_no_coroutine_of_its_own():
    awaitable = object()
    guard = guarded(lambda scope, receive, send: awaitable)

    assert guard(http(HOST), never, never) is awaitable


NAMES = st.sampled_from(
    [b"host", b"content-length", b"transfer-encoding", b"te", b"connection", b"upgrade", b"accept"]
)
VALUES = st.sampled_from([b"a", b"a:80", b"", b"5", b"chunked", b"trailers", b"close"]) | st.binary(
    max_size=12
)
HEADERS = st.lists(st.tuples(NAMES | st.binary(max_size=8), VALUES), max_size=6)
VERSIONS = st.sampled_from(["1.0", "1", "1.1", "2", "3", "2.0"]) | st.text(max_size=4)
TARGETS = st.sampled_from([b"/", b"*", b"http://a/x", b"a:80", b""]) | st.binary(max_size=12)
SCOPES = st.builds(
    lambda kind, headers, version, method, target, query: {
        **http(*headers, version=version, method=method, target=target, query=query),
        "type": kind,
        "extensions": {"websocket.http.response": {}},
    },
    st.sampled_from(["http", "websocket"]),
    HEADERS,
    VERSIONS,
    st.sampled_from(["GET", "OPTIONS", "CONNECT"]) | st.text(max_size=5),
    TARGETS,
    st.binary(max_size=6),
)


@given(scope=SCOPES)
def test_every_request_is_either_answered_or_reaches_the_application(scope):
    for checks_values in (False, True):
        seen, answer = asyncio.run(ask(scope, checks_values=checks_values))

        assert len(seen) + bool(answer.messages) == 1
        assert seen or answer.status in (400, 505)


@given(scope=SCOPES)
def test_verdict_does_not_depend_on_earlier_requests(scope):
    async def ask_twice():
        application, answer = Application(), Answer()
        guard = guarded(application)
        first = http((b"host", b"a"))
        for asked in (first, scope, scope):
            await guard(asked, never, answer)

        return len(application.scopes), len(answer.messages)

    passed, messages = asyncio.run(ask_twice())

    assert (passed, messages) in ((3, 0), (1, 4))


@given(headers=HEADERS, target=TARGETS)
def test_what_passes_has_one_host_one_framing_and_one_path(headers, target):
    (*seen,), _ = asyncio.run(ask(http(*headers, target=target), checks_values=True))

    for scope in seen:
        named = [name for name, _ in scope["headers"]]
        framings = [name for name in named if name in (b"content-length", b"transfer-encoding")]
        assert named.count(b"host") == 1
        assert len(framings) <= 1
        assert scope["raw_path"].startswith(b"/")

# SPDX-License-Identifier: Apache-2.0
import asyncio
import re
from ipaddress import ip_address, ip_network

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pyfly.server.exceptions import RefusedSettingError
from pyfly.server.forwarded import TrustedProxies

PROXY = ("10.0.0.1", 40000)


def seen(headers, *, trusted=("10.0.0.0/8",), client=PROXY, kind="http", scheme="http"):
    """Return the scope that the application gets for a request with these headers."""
    scopes = []

    async def app(scope, receive, send):
        scopes.append(scope)

    async def channel(message=None):
        raise AssertionError("the middleware neither reads nor answers")

    scope = {"type": kind, "scheme": scheme, "client": client, "path": "/", "headers": encoded(headers)}
    before = {**scope, "headers": list(scope["headers"])}
    asyncio.run(TrustedProxies(app, trusted)(scope, channel, channel))
    assert scope == before
    return scopes[0]


def encoded(headers):
    pairs = headers.items() if isinstance(headers, dict) else headers
    return [(name.lower().encode(), value.encode("latin-1")) for name, value in pairs]


class TestList:
    @pytest.mark.parametrize(
        "entry", ["*", "10.0.0.1/8", "proxy.example", "", "10.0.0", "[::1]", "::1%eth0", "UNIX"]
    )
    def test_what_is_no_address_is_refused(self, entry):
        with pytest.raises(RefusedSettingError) as caught:
            seen({}, trusted=["127.0.0.1", entry])

        assert caught.value.key == "pyfly.server.proxy.trusted"
        assert caught.value.value == entry
        assert "0.0.0.0/0 and ::/0" in caught.value.action

    def test_everybody_is_not_meant_by_chance(self):
        with pytest.raises(RefusedSettingError, match="everybody could pretend to be anybody"):
            seen({}, trusted=["*"])

    @pytest.mark.parametrize(
        ("entry", "peer"),
        [
            ("10.0.0.1", "10.0.0.1"),
            (" 10.0.0.1 ", "10.0.0.1"),
            ("10.0.0.0/8", "10.200.3.4"),
            ("0.0.0.0/0", "203.0.113.9"),
            ("10.0.0.1", "::ffff:10.0.0.1"),
            ("::ffff:10.0.0.1", "10.0.0.1"),
            ("::ffff:10.0.0.0/104", "10.9.9.9"),
            ("2001:db8::/32", "2001:db8::7"),
            ("fe80::1", "fe80::1%eth0"),
            ("::1", "::1"),
        ],
    )
    def test_a_peer_on_the_list_is_believed(self, entry, peer):
        scope = seen({"X-Forwarded-For": "203.0.113.7"}, trusted=[entry], client=(peer, 1))

        assert scope["client"] == ("203.0.113.7", 0)

    @pytest.mark.parametrize("peer", [("10.0.0.2", 1), ("::1", 1), ("proxy", 1), None, ("", 0), ("unix:", 0)])
    def test_any_other_peer_is_not_believed(self, peer):
        headers = {
            "Host": "shop.example",
            "X-Forwarded-For": "203.0.113.7",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-Host": "evil.example",
            "Forwarded": "for=203.0.113.7;proto=https;host=evil.example",
        }

        scope = seen(headers, trusted=["10.0.0.1"], client=peer)

        assert scope["client"] == peer
        assert scope["scheme"] == "http"
        assert scope["headers"] == encoded(headers)

    @pytest.mark.parametrize("peer", [None, ("", 0), ("unix:", 0), ["unix:/run/shop.sock", 0]])
    def test_peers_on_a_unix_socket_are_believed_by_name(self, peer):
        assert seen({"X-Forwarded-For": "203.0.113.7"}, trusted=["unix"], client=peer)["client"] == (
            "203.0.113.7",
            0,
        )

    def test_a_name_for_unix_sockets_stands_for_no_address(self):
        assert seen({"X-Forwarded-For": "203.0.113.7"}, trusted=["unix"])["client"] == PROXY


class TestClient:
    @pytest.mark.parametrize(
        ("value", "client"),
        [
            ("203.0.113.7", ("203.0.113.7", 0)),
            ("203.0.113.7:4711", ("203.0.113.7", 4711)),
            ("2001:DB8::7", ("2001:db8::7", 0)),
            ("[2001:db8::7]", ("2001:db8::7", 0)),
            ("[2001:db8::7]:4711", ("2001:db8::7", 4711)),
            ("::ffff:203.0.113.7", ("203.0.113.7", 0)),
            ("198.51.100.1, 203.0.113.7", ("203.0.113.7", 0)),
            ("198.51.100.1,203.0.113.7,10.0.0.9 , 10.0.0.8", ("203.0.113.7", 0)),
            ("10.0.0.7, 10.0.0.9", ("10.0.0.7", 0)),
            ("unknown, 10.0.0.9", ("10.0.0.9", 0)),
            ("203.0.113.7, nonsense, 10.0.0.9:1", ("10.0.0.9", 1)),
        ],
    )
    def test_the_address_next_to_the_last_trusted_proxy(self, value, client):
        assert seen({"X-Forwarded-For": value})["client"] == client

    def test_lines_count_in_their_order(self):
        headers = [("X-Forwarded-For", "198.51.100.1"), ("X-Forwarded-For", "203.0.113.7, 10.0.0.9")]

        assert seen(headers)["client"] == ("203.0.113.7", 0)

    @pytest.mark.parametrize(
        "value",
        [
            "", ",", "unknown", "_hidden", "203.0.113.7,", "203.0.113.7:", "203.0.113.7:x",
            "203.0.113.7:65536", "203.0.113.256", "[203.0.113.7]", "[::1", "::1]", "[::1]x",
            "fe80::1%eth0", "[fe80::1%eth0]:1", "0203.0.113.7", "²03.0.113.7", "\x00",
        ],
    )  # fmt: skip
    def test_what_is_no_address_changes_nothing(self, value):
        assert seen({"X-Forwarded-For": value})["client"] == PROXY

    def test_what_clients_put_in_front_does_not_hide_them(self):
        value = "198.51.100.1, " * 100_000 + "203.0.113.7"

        assert seen({"X-Forwarded-For": value})["client"] == ("203.0.113.7", 0)


class TestScheme:
    @pytest.mark.parametrize(
        ("kind", "value", "scheme"),
        [
            ("http", "https", "https"),
            ("http", "HTTPS", "https"),
            ("http", "http", "http"),
            ("http", "wss", "https"),
            ("websocket", "https", "wss"),
            ("websocket", "wss", "wss"),
            ("websocket", "http", "ws"),
        ],
    )
    def test_it_is_the_one_that_the_client_uses(self, kind, value, scheme):
        assert seen({"X-Forwarded-Proto": value}, kind=kind, scheme="other")["scheme"] == scheme

    @pytest.mark.parametrize("value", ["", "ftp", "https\x00", "https;", "javascript"])
    def test_what_is_no_scheme_changes_nothing(self, value):
        assert seen({"X-Forwarded-Proto": value}, scheme="http")["scheme"] == "http"

    def test_of_several_proxies_the_one_next_to_the_client_counts(self):
        headers = {"X-Forwarded-For": "203.0.113.7, 10.0.0.9", "X-Forwarded-Proto": "https, http"}

        assert seen(headers)["scheme"] == "https"

    def test_what_clients_put_in_front_does_not_count(self):
        headers = {"X-Forwarded-For": "198.51.100.1, 203.0.113.7", "X-Forwarded-Proto": "https, http"}

        assert seen(headers, scheme="other")["scheme"] == "http"

    def test_of_a_list_of_another_length_the_last_one_counts(self):
        headers = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https, http"}

        assert seen(headers, scheme="other")["scheme"] == "http"

    def test_it_does_not_need_the_address_of_the_client(self):
        scope = seen({"X-Forwarded-Proto": "https"})

        assert scope["scheme"] == "https"
        assert scope["client"] == PROXY


class TestHost:
    @pytest.mark.parametrize(
        "value",
        ["shop.example", "shop.example:8443", "10.1.2.3:80", "[::1]", "[2001:db8::7]:8443", "a", "my_shop"],
    )
    def test_it_replaces_the_header(self, value):
        headers = [("Accept", "a"), ("Host", "internal:8000"), ("X-Forwarded-Host", value)]

        scope = seen(headers)

        assert [header for header in scope["headers"] if header[0] == b"host"] == [(b"host", value.encode())]
        assert (b"accept", b"a") in scope["headers"]

    def test_a_request_without_the_header_gets_it(self):
        assert seen({"X-Forwarded-Host": "shop.example"})["headers"][0] == (b"host", b"shop.example")

    @pytest.mark.parametrize(
        "value",
        [
            "", " ", "a b", "a/b", "a@b", "a\r\nb", "shop.example:", "shop.example:x", "shop.example:65536",
            "[::1", "[:::]", "[1.2.3.4]", "-a", "a" * 300, "söp.example", "a?b", "a#b", "http://shop.example",
        ],
    )  # fmt: skip
    def test_what_is_no_host_changes_nothing(self, value):
        headers = {"Host": "internal", "X-Forwarded-Host": value}

        assert seen(headers)["headers"] == encoded(headers)

    def test_of_several_proxies_the_one_next_to_the_client_counts(self):
        headers = {"X-Forwarded-For": "203.0.113.7, 10.0.0.9", "X-Forwarded-Host": "shop.example, inner"}

        assert seen(headers)["headers"][0] == (b"host", b"shop.example")


class TestForwarded:
    @pytest.mark.parametrize(
        ("value", "client"),
        [
            ("for=203.0.113.7", ("203.0.113.7", 0)),
            ("For=203.0.113.7;by=10.0.0.1", ("203.0.113.7", 0)),
            ('for="203.0.113.7:4711"', ("203.0.113.7", 4711)),
            ("for=203.0.113.7:4711", ("203.0.113.7", 4711)),
            ('for="[2001:db8::7]:4711"', ("2001:db8::7", 4711)),
            ('for="203\\.0.113.7"', ("203.0.113.7", 0)),
            ("for=198.51.100.1, for=203.0.113.7 ;proto=https, for=10.0.0.9", ("203.0.113.7", 0)),
            ("for=unknown, for=10.0.0.9", ("10.0.0.9", 0)),
            ("for=198.51.100.1,,for=203.0.113.7,", ("203.0.113.7", 0)),
        ],
    )
    def test_the_address_next_to_the_last_trusted_proxy(self, value, client):
        assert seen({"Forwarded": value})["client"] == client

    def test_scheme_and_host_are_of_the_proxy_next_to_the_client(self):
        value = 'for=203.0.113.7;proto=https;host="shop.example:8443", for=10.0.0.9;proto=http;host=inner'

        scope = seen({"Host": "internal", "Forwarded": value})

        assert scope["scheme"] == "https"
        assert scope["headers"][0] == (b"host", b"shop.example:8443")

    def test_what_clients_put_in_front_does_not_count(self):
        value = "for=10.0.0.9;proto=https;host=evil.example, for=203.0.113.7"

        scope = seen({"Host": "internal", "Forwarded": value})

        assert scope["client"] == ("203.0.113.7", 0)
        assert scope["scheme"] == "http"
        assert (b"host", b"internal") in scope["headers"]

    def test_a_proxy_that_hides_the_client_is_believed_about_the_rest(self):
        scope = seen({"Forwarded": "for=_hidden;proto=https"})

        assert scope["client"] == PROXY
        assert scope["scheme"] == "https"

    @pytest.mark.parametrize(
        "value",
        [
            "", ";", ",", "for", "for=", "=203.0.113.7", 'for="203.0.113.7', 'for="203.0.113.7"x', 'for="\\',
            "for=203.0.113.7 for=203.0.113.8", "for=203.0.113.7;for=203.0.113.8", "for=_hidden",
            "for=unknown", 'for="[::1"', "for =203.0.113.7", "for= 203.0.113.7",
        ],
    )  # fmt: skip
    def test_what_cannot_be_read_changes_nothing(self, value):
        scope = seen({"Forwarded": value})

        assert scope["client"] == PROXY
        assert scope["scheme"] == "http"

    def test_a_quote_that_a_client_leaves_open_hides_only_the_client_s_line(self):
        headers = [("Forwarded", 'for="198.51.100.1'), ("Forwarded", "for=203.0.113.7, for=10.0.0.9")]

        assert seen(headers)["client"] == ("203.0.113.7", 0)

    @pytest.mark.parametrize("other", ["X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host"])
    def test_the_other_headers_come_first(self, other):
        scope = seen({other: "10.0.0.9", "Forwarded": "for=203.0.113.7;proto=https"})

        assert scope["client"] != ("203.0.113.7", 0)
        assert scope["scheme"] == "http"

    @pytest.mark.parametrize(
        "value", [" " * 8000 + "!", "a=" * 4000, '"' * 8000, "\\" * 8000, "a" * 8000, 'a="' + "\\" * 8000]
    )
    def test_long_nonsense_changes_nothing(self, value):
        assert seen({"Forwarded": value})["client"] == PROXY


class TestScopes:
    def test_other_scopes_pass(self):
        assert seen({"X-Forwarded-For": "203.0.113.7"}, kind="lifespan")["client"] == PROXY

    def test_without_such_headers_the_scope_is_the_same(self):
        assert seen({"Host": "internal"}) == {
            "type": "http",
            "scheme": "http",
            "client": PROXY,
            "path": "/",
            "headers": [(b"host", b"internal")],
        }


addresses = st.one_of(st.ip_addresses(v=4), st.ip_addresses(v=6))
fragments = st.sampled_from(
    [*("for=", "proto=https", "host=", "by=", ";", ",", '"', "\\", " "),
     *("[", "]", ":80", "10.0.0.9", "203.0.113.7", "::1", "unknown")]
)  # fmt: skip
values = st.one_of(
    st.text(st.characters(max_codepoint=255), max_size=60),
    st.lists(fragments, max_size=12).map("".join),
    st.lists(addresses.map(str), max_size=5).map(", ".join),
)
names = st.sampled_from(["host", "forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"])
requests = st.lists(st.tuples(names, values), max_size=5)


class TestAnything:
    @given(requests, addresses)
    def test_a_peer_that_is_not_trusted_changes_nothing(self, headers, peer):
        network = ip_network("192.0.2.0/24")
        inner = getattr(peer, "ipv4_mapped", None) or peer
        client = ("198.51.100.1" if inner in network else str(peer), 1)

        scope = seen(headers, trusted=[str(network)], client=client)

        assert scope == {
            "type": "http",
            "scheme": "http",
            "client": client,
            "path": "/",
            "headers": encoded(headers),
        }

    @given(requests, st.sampled_from(["http", "websocket"]))
    @example([("forwarded", 'for="'), ("forwarded", ",")], "http")
    def test_a_scope_is_always_one_that_applications_understand(self, headers, kind):
        scope = seen(headers, kind=kind, scheme="http" if kind == "http" else "ws")

        host, port = scope["client"]
        assert ip_address(host)
        assert 0 <= port <= 65535
        assert scope["scheme"] in ({"http", "https"} if kind == "http" else {"ws", "wss"})
        if scope["headers"] != encoded(headers):
            hosts = [value for name, value in scope["headers"] if name == b"host"]
            assert len(hosts) == 1
            assert re.fullmatch(rb"[A-Za-z0-9._:\[\]-]+", hosts[0])

    @given(
        st.lists(addresses, max_size=4),
        addresses,
        st.lists(st.ip_addresses(network="10.0.0.0/8"), max_size=4),
    )
    def test_nobody_hides_behind_addresses_in_front(self, pretended, real, proxies):
        real = ip_address("203.0.113.7") if str(real).startswith(("10.", "::ffff:")) else real
        chain = ", ".join(map(str, [*pretended, real, *proxies]))

        assert seen({"X-Forwarded-For": chain})["client"] == (str(real), 0)

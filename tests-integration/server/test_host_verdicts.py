# SPDX-License-Identifier: Apache-2.0
import asyncio

from hypothesis import example, given
from hypothesis import strategies as st

from pyfly.server.request_guard import guarded
from pyfly.web.hosts import parse_host

HOSTS = st.text("aZ0-_.:[]%,/@ é", min_size=1, max_size=12) | st.from_regex(
    r"[a-z]{1,5}(\.[a-z]{1,3})?(:[0-9]{0,6})?", fullmatch=True
)


def passes_the_server(host):
    reached = []

    async def application(scope, receive, send):
        reached.append(scope)

    async def send(message):
        pass

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "path": "/",
        "raw_path": b"/",
        "query_string": b"",
        "headers": [(b"host", host.encode("latin-1"))],
    }
    asyncio.run(guarded(application)(scope, None, send))
    return bool(reached)


@given(host=HOSTS)
@example(host="[::1]:8000")
@example(host="orders_service.")
@example(host="a" * 262)
@example(host="a:65535")
@example(host="a:65536")
def test_server_and_web_layer_take_the_same_hosts(host):
    of_the_web = parse_host(host) is not None

    # The server looks at what is between the brackets of an IPv6 address too.
    assert passes_the_server(host) == of_the_web or (host.startswith("[") and of_the_web)

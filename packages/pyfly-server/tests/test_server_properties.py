# SPDX-License-Identifier: Apache-2.0
import pytest

from pyfly.config.errors import ConfigurationError
from pyfly.config.properties.server import (
    GranianProperties,
    ServerObservabilityProperties,
    ServerProperties,
    resolve_app_host,
    resolve_app_port,
)
from pyfly.config.store import Config


def test_the_defaults_are_the_documented_ones():
    properties = ServerProperties()

    assert (properties.type, properties.event_loop, properties.workers) == ("auto", "auto", 1)
    assert (properties.backlog, properties.graceful_timeout, properties.http) == (1024, 30, "auto")
    assert (properties.ssl_certfile, properties.ssl_keyfile, properties.keep_alive_timeout) == (None, None, 5)
    assert (properties.max_concurrent_connections, properties.max_requests_per_worker) == (None, None)
    assert properties.request_header_timeout is None
    assert properties.granian == GranianProperties(1, "auto", None, True)
    assert properties.observability == ServerObservabilityProperties(False)


def test_nested_settings_are_bound():
    config = Config(
        {
            "pyfly": {
                "server": {
                    "http": 2,
                    "granian": {"runtime-threads": 3},
                    "observability": {"access-log": True},
                }
            }
        }
    )

    properties = config.bind(ServerProperties)

    assert properties.http == "2"
    assert properties.granian.runtime_threads == 3
    assert properties.observability.access_log is True


@pytest.mark.parametrize(
    ("written", "seconds"), [(45, 45), ("45", 45), ("45s", 45), ("PT45S", 45), ("2m", 120), ("1500ms", 2)]
)
def test_time_outs_take_numbers_of_seconds_and_durations(written, seconds):
    names = ("graceful-timeout", "keep-alive-timeout", "request-header-timeout")
    config = Config({"pyfly": {"server": dict.fromkeys(names, written)}})

    properties = config.bind(ServerProperties)

    assert properties.graceful_timeout == seconds
    assert properties.keep_alive_timeout == seconds
    assert properties.request_header_timeout == seconds


def test_the_environment_overrides_nested_settings(monkeypatch):
    monkeypatch.setenv("PYFLY_SERVER_GRANIAN_RUNTIME_THREADS", "7")

    assert Config({}).bind(ServerProperties).granian.runtime_threads == 7


@pytest.mark.parametrize(
    ("settings", "port"),
    [
        ({}, 8000),
        ({"web": {"port": 1}}, 1),
        ({"server": {"port": 2}}, 2),
        ({"server": {"port": "3"}, "web": {"port": 1}}, 3),
    ],
)
def test_the_port_of_the_server_comes_before_that_of_the_web_and_the_default(settings, port):
    assert resolve_app_port(Config({"pyfly": settings})) == port


@pytest.mark.parametrize(
    ("settings", "host"),
    [
        ({}, "0.0.0.0"),
        ({"web": {"host": "::1"}}, "::1"),
        ({"server": {"host": "127.0.0.1"}, "web": {"host": "::1"}}, "127.0.0.1"),
    ],
)
def test_the_host_of_the_server_comes_before_that_of_the_web_and_the_default(settings, host):
    assert resolve_app_host(Config({"pyfly": settings})) == host


@pytest.mark.parametrize("wrong", ["http", -1, 65536, 1.5])
def test_a_wrong_port_is_named_with_its_key(wrong):
    with pytest.raises(ConfigurationError, match=r"pyfly\.web\.port: expected a TCP port from 0 to 65535"):
        resolve_app_port(Config({"pyfly": {"web": {"port": wrong}}}))

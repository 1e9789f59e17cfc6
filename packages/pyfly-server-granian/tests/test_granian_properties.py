# SPDX-License-Identifier: Apache-2.0
from types import SimpleNamespace

import pytest
from granian.constants import HTTPModes, Interfaces, Loops, RuntimeModes

from pyfly.config.properties.server import GranianProperties, ServerObservabilityProperties, ServerProperties
from pyfly.server.adapters.granian.properties import process_options
from pyfly.server.exceptions import RefusedSettingError


def options(**settings):
    return process_options(ServerProperties(**settings), event_loop="asyncio")


def test_the_defaults_run_one_asgi_worker_quietly():
    arguments = options()

    assert arguments["interface"] is Interfaces.ASGI
    assert (arguments["workers"], arguments["loop"], arguments["http"]) == (1, Loops.asyncio, HTTPModes.auto)
    assert (arguments["backlog"], arguments["workers_kill_timeout"]) == (1024, 30)
    assert (arguments["log_access"], arguments["log_level"].value) == (False, "warning")


def test_every_setting_that_granian_knows_reaches_it():
    tuning = GranianProperties(runtime_threads=2, runtime_mode="st", backpressure=64)
    arguments = options(
        workers=3,
        backlog=256,
        graceful_timeout=9,
        keep_alive_timeout=7,
        http="2",
        granian=tuning,
        observability=ServerObservabilityProperties(access_log=True),
    )

    assert (arguments["workers"], arguments["backlog"], arguments["workers_kill_timeout"]) == (3, 256, 9)
    assert arguments["http1_settings"].header_read_timeout == 7000
    assert arguments["http"] is HTTPModes.http2
    assert (arguments["runtime_threads"], arguments["runtime_mode"]) == (2, RuntimeModes.st)
    assert (arguments["backpressure"], arguments["log_access"]) == (64, True)


@pytest.mark.parametrize("workers", [0, -1])
def test_no_workers_mean_one(workers):
    assert options(workers=workers)["workers"] == 1


def test_no_keep_alive_time_means_no_keep_alive():
    assert options(keep_alive_timeout=0)["http1_settings"].keep_alive is False


def test_a_configuration_with_the_plain_attributes_alone_will_do():
    names = set(ServerProperties.__dataclass_fields__) - {"granian", "observability", "host", "port", "type"}
    config = SimpleNamespace(**{name: getattr(ServerProperties(), name) for name in names})

    assert process_options(config, event_loop="asyncio")["backpressure"] is None


@pytest.mark.parametrize(
    ("settings", "key"),
    [
        ({"http": "3"}, "pyfly.server.http"),
        ({"http": "quick"}, "pyfly.server.http"),
        ({"max_concurrent_connections": 1}, "pyfly.server.max-concurrent-connections"),
        ({"max_requests_per_worker": 1}, "pyfly.server.max-requests-per-worker"),
        ({"backlog": 127}, "pyfly.server.backlog"),
        ({"graceful_timeout": 0}, "pyfly.server.graceful-timeout"),
        ({"keep_alive_timeout": -1}, "pyfly.server.keep-alive-timeout"),
        ({"ssl_keyfile": "key.pem"}, "pyfly.server.ssl-certfile"),
        ({"ssl_certfile": "cert.pem"}, "pyfly.server.ssl-keyfile"),
        ({"ssl_certfile": "no.pem", "ssl_keyfile": "no.pem"}, "pyfly.server.ssl-certfile"),
        ({"ssl_certfile": __file__, "ssl_keyfile": __file__}, "pyfly.server.ssl-certfile"),
        ({"granian": GranianProperties(runtime_mode="fast")}, "pyfly.server.granian.runtime-mode"),
        ({"granian": GranianProperties(runtime_threads=0)}, "pyfly.server.granian.runtime-threads"),
        ({"granian": GranianProperties(backpressure=0)}, "pyfly.server.granian.backpressure"),
    ],
)
def test_what_granian_cannot_honour_is_refused_with_its_key(settings, key):
    with pytest.raises(RefusedSettingError) as caught:
        options(**settings)

    assert (caught.value.key, caught.value.server) == (key, "granian")
    assert caught.value.action


def test_an_event_loop_that_granian_has_no_name_for_is_refused():
    with pytest.raises(RefusedSettingError, match=r"pyfly\.server\.event-loop = 'mine'"):
        process_options(ServerProperties(), event_loop="mine")

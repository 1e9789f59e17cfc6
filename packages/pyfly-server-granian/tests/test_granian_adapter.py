# SPDX-License-Identifier: Apache-2.0
import subprocess
import sys

import pytest

from pyfly.config.properties.server import GranianProperties, ServerProperties
from pyfly.server.adapters.granian.adapter import GranianServerAdapter
from pyfly.server.exceptions import RefusedSettingError
from pyfly.server.testing import ApplicationServerContract


class TestGranianAsServer(ApplicationServerContract):
    def new_adapter(self):
        return GranianServerAdapter()


def test_importing_the_adapter_does_not_import_granian():
    code = "import sys, pyfly.server.adapters.granian.adapter; print('granian' in sys.modules)"

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True
    )

    assert done.stdout.strip() == "False"


@pytest.mark.parametrize(("http", "offered"), [("auto", "h1+h2"), ("1", "h1"), ("2", "h2")])
def test_offers_http_1_and_2(http, offered):
    adapter = GranianServerAdapter()

    plan = adapter.check(ServerProperties(http=http))

    assert adapter.protocols(plan.engine) == offered


@pytest.mark.parametrize(
    ("settings", "key", "alternative"),
    [
        ({"http": "3"}, "pyfly.server.http", "hypercorn"),
        (
            {"granian": GranianProperties(runtime_mode="fast")},
            "pyfly.server.granian.runtime-mode",
            "auto, st, mt",
        ),
        ({"granian": GranianProperties(runtime_threads=0)}, "pyfly.server.granian.runtime-threads", "1"),
        ({"granian": GranianProperties(backpressure=0)}, "pyfly.server.granian.backpressure", "1"),
    ],
)
def test_what_granian_cannot_do_is_refused_with_an_alternative(settings, key, alternative):
    with pytest.raises(RefusedSettingError) as caught:
        GranianServerAdapter().check(ServerProperties(**settings))

    assert (caught.value.key, caught.value.server) == (key, "granian")
    assert alternative in caught.value.action

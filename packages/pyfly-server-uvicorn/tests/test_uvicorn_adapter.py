# SPDX-License-Identifier: Apache-2.0
import subprocess
import sys

import pytest

from pyfly.config.properties.server import ServerProperties
from pyfly.server.adapters.uvicorn.adapter import UvicornServerAdapter
from pyfly.server.exceptions import RefusedSettingError
from pyfly.server.testing import ApplicationServerContract


class TestUvicornAsServer(ApplicationServerContract):
    def new_adapter(self):
        return UvicornServerAdapter()


def test_importing_the_adapter_does_not_import_uvicorn():
    code = "import sys, pyfly.server.adapters.uvicorn.adapter; print('uvicorn' in sys.modules)"

    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=30, check=True
    )

    assert done.stdout.strip() == "False"


@pytest.mark.parametrize("http", ["auto", "1"])
def test_offers_http_1(http):
    adapter = UvicornServerAdapter()

    plan = adapter.check(ServerProperties(http=http))

    assert adapter.protocols(plan.engine) == "h1"


@pytest.mark.parametrize(("http", "alternatives"), [("2", ["granian", "hypercorn"]), ("3", ["hypercorn"])])
def test_other_versions_of_http_are_refused_with_servers_that_have_them(http, alternatives):
    with pytest.raises(RefusedSettingError, match=rf"pyfly\.server\.http = '{http}'") as caught:
        UvicornServerAdapter().check(ServerProperties(http=http))

    assert (caught.value.key, caught.value.server) == ("pyfly.server.http", "uvicorn")
    assert [name for name in ("granian", "hypercorn") if name in caught.value.action] == alternatives

# SPDX-License-Identifier: Apache-2.0
import subprocess
import sys
from pathlib import Path

import pytest

from pyfly.config.properties.server import ServerProperties
from pyfly.server.adapters.hypercorn.adapter import HypercornServerAdapter
from pyfly.server.engine import EngineSettings
from pyfly.server.exceptions import RefusedSettingError
from pyfly.server.testing import ApplicationServerContract
from pyfly.server.tls import TlsSettings


class TestHypercornAsServer(ApplicationServerContract):
    def new_adapter(self):
        return HypercornServerAdapter()


def imported_with(code, *, without=()):
    hidden = "".join(f"sys.modules[{name!r}] = None\n" for name in without)
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{hidden}{code}"],
        capture_output=True,
        text=True,
        timeout=30,
        check=True,
    )
    return done.stdout.strip()


def test_importing_the_adapter_does_not_import_hypercorn():
    code = "import pyfly.server.adapters.hypercorn.adapter; print('hypercorn' in sys.modules)"

    assert imported_with(code) == "False"


def test_the_engine_needs_no_aioquic():
    code = "import pyfly.server.adapters.hypercorn.engine; print('ready')"

    assert imported_with(code, without=["aioquic"]) == "ready"


def test_http_3_without_aioquic_names_the_extra():
    code = (
        "from pyfly.server.adapters.hypercorn.adapter import HypercornServerAdapter\n"
        "from pyfly.server.engine import EngineSettings\n"
        "try:\n"
        "    HypercornServerAdapter().protocols(EngineSettings(http='3'))\n"
        "except Exception as error:\n"
        "    print(error)"
    )

    assert 'pip install "pyfly-server-hypercorn[h3]"' in imported_with(code, without=["aioquic"])


@pytest.mark.parametrize(("http", "offered"), [("auto", "h1+h2"), ("1", "h1"), ("2", "h2")])
def test_offers_http_1_and_2(http, offered):
    adapter = HypercornServerAdapter()

    plan = adapter.check(ServerProperties(http=http))

    assert adapter.protocols(plan.engine) == offered


def test_offers_http_3_beside_the_others():
    settings = EngineSettings(http="3", tls=TlsSettings(Path("chain.pem"), Path("key.pem")))

    assert HypercornServerAdapter().protocols(settings) == "h1+h2+h3"


@pytest.mark.parametrize(
    ("tls", "action"),
    [
        (None, "ssl-certfile"),
        (TlsSettings(Path("chain.pem"), Path("key.pem"), client_auth="want"), "ssl-client-auth: none"),
        (TlsSettings(Path("chain.pem"), Path("key.pem"), client_auth="need"), "ssl-client-auth: none"),
    ],
)
def test_http_3_is_refused_without_what_it_needs(tls, action):
    with pytest.raises(RefusedSettingError, match=r"pyfly\.server\.http = '3'") as caught:
        HypercornServerAdapter().protocols(EngineSettings(http="3", tls=tls))

    assert caught.value.server == "hypercorn"
    assert action in caught.value.action

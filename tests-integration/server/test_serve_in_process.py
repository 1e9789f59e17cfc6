# SPDX-License-Identifier: Apache-2.0
import signal
import sys
import urllib.request

import pytest

SCRIPT = """
import signal
import sys

sys.path.insert(0, "src")

from shop.main import app

from pyfly.config.properties.server import ServerProperties
from pyfly.server.adapters.{module}.adapter import {adapter}

before = signal.getsignal(signal.SIGTERM)
target = app if sys.argv[1] == "object" else "shop.main:app"
{adapter}().run(target, "127.0.0.1", int(sys.argv[2]), workers=1)
assert signal.getsignal(signal.SIGTERM) is before
print("returned")
"""


@pytest.mark.parametrize(("target", "number"), [("object", signal.SIGTERM), ("string", signal.SIGINT)])
def test_run_returns_after_a_graceful_stop(server, project, launch, target, number):
    directory, port = project()
    script = SCRIPT.format(module=server, adapter=f"{server.capitalize()}ServerAdapter")
    (directory / "serve.py").write_text(script)
    service = launch(sys.executable, "serve.py", target, str(port), cwd=directory)
    service.wait_for_port(port)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10) as response:
        assert response.status == 200

    service.send_signal(number)

    assert service.wait() == 0
    assert "returned" in service.stdout
    assert len(list(directory.glob("stopped-*"))) == 1

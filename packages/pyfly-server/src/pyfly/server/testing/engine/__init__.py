# SPDX-License-Identifier: Apache-2.0
"""The contracts of server engines as test classes, which every engine passes.

The test of an engine derives classes from the contracts and defines the method that their docstrings name.
The tests are coroutines: they need pytest-asyncio, in its mode ``auto``. Importing this package needs neither
pytest nor a server library. For assertions that show their values, call
``pytest.register_assert_rewrite("pyfly.server.testing.engine")`` in a ``conftest.py`` first.
"""

__all__ = [
    "ConnectionLimitContract",
    "EngineContract",
    "EngineEndContract",
    "HttpAnswer",
    "HttpConnection",
    "ProbeApplication",
    "RequestHeadContract",
    "RunningEngine",
    "running_engine",
    "until",
]

from pyfly.server.testing.engine.connection_limit_contract import ConnectionLimitContract
from pyfly.server.testing.engine.engine_contract import EngineContract
from pyfly.server.testing.engine.engine_end_contract import EngineEndContract
from pyfly.server.testing.engine.http_connection import HttpAnswer, HttpConnection
from pyfly.server.testing.engine.probe_application import ProbeApplication
from pyfly.server.testing.engine.request_head_contract import RequestHeadContract
from pyfly.server.testing.engine.running_engine import RunningEngine, running_engine, until

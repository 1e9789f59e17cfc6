# SPDX-License-Identifier: Apache-2.0
"""Run servers in tests, and the contract of the server port as a test class that every adapter passes.

An adapter's test derives a class from `ApplicationServerContract` and defines the methods that its docstring
lists. The tests are coroutines: they need pytest-asyncio, in its mode ``auto`` or with
``@pytest.mark.asyncio`` on the derived class. Importing this package needs no pytest. For assertions that
show their values, call ``pytest.register_assert_rewrite("pyfly.server.testing")`` in a ``conftest.py`` first.
"""

__all__ = ["ApplicationServerContract", "RecordingApplication", "free_port", "running_server"]

from pyfly.server.testing.recording_application import RecordingApplication
from pyfly.server.testing.running_server import free_port, running_server
from pyfly.server.testing.server_contract import ApplicationServerContract

# SPDX-License-Identifier: Apache-2.0
"""The contracts of the web layer as test classes, which every adapter passes.

An adapter's test derives a class from the contract and defines the methods or fixtures that its docstring
lists. The tests are coroutines: they need pytest-asyncio, in its mode ``auto`` or with
``@pytest.mark.asyncio`` on the derived class. Importing this package needs neither pytest nor an HTTP
framework. For assertions that show their values, call ``pytest.register_assert_rewrite("pyfly.web.testing")``
in a ``conftest.py`` first.
"""

from pyfly.web.testing.adapter_hooks import AdapterHooks
from pyfly.web.testing.asgi_answer import Answer, OpenAnswer
from pyfly.web.testing.asgi_client import AsgiClient
from pyfly.web.testing.asgi_lifespan import LifespanFailed, running
from pyfly.web.testing.idempotency_store_contract import IdempotencyStoreContract
from pyfly.web.testing.web_adapter_contract import WebAdapterContract

__all__ = [
    "AdapterHooks",
    "Answer",
    "AsgiClient",
    "IdempotencyStoreContract",
    "LifespanFailed",
    "OpenAnswer",
    "WebAdapterContract",
    "running",
]

# SPDX-License-Identifier: Apache-2.0
"""The contracts of the shared ports as test classes, which every adapter passes.

An adapter's test derives a class from the contract and defines the fixtures that its docstring lists. The
tests are coroutines: they need pytest-asyncio, in its mode ``auto`` or with ``@pytest.mark.asyncio`` on the
derived class. Importing this package needs no pytest.
"""

__all__ = ["ClockContract", "LeaseContract", "TransactionContract"]

from pyfly.kernel.testing.clock_contract import ClockContract
from pyfly.kernel.testing.lease_contract import LeaseContract
from pyfly.kernel.testing.transaction_contract import TransactionContract

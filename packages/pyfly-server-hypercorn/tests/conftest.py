# SPDX-License-Identifier: Apache-2.0
import asyncio

import pytest

pytest.register_assert_rewrite("pyfly.server.testing")


def pytest_asyncio_loop_factories():
    """Run the coroutines on each event loop that is installed."""
    factories = {"asyncio": asyncio.new_event_loop}
    try:
        from uvloop import new_event_loop
    except ModuleNotFoundError:
        return factories

    return {**factories, "uvloop": new_event_loop}

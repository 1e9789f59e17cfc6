# SPDX-License-Identifier: Apache-2.0
import pytest

from pyfly.logging import LoggingPort
from pyfly.logging.structlog_adapter import StructlogAdapter
from pyfly.logging.testing import LoggingPortContract


class TestStructlogAdapter(LoggingPortContract):
    @pytest.fixture
    def adapter(self) -> LoggingPort:
        return StructlogAdapter()

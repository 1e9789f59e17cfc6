# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable

import pytest

from pyfly.logging import LoggingPort, StdlibLoggingAdapter
from pyfly.logging.testing import LoggingPortContract


class TestStdlibAdapter(LoggingPortContract):
    @pytest.fixture
    def adapter(self) -> LoggingPort:
        return StdlibLoggingAdapter()

    @pytest.fixture
    def written(self, capsys: pytest.CaptureFixture[str]) -> Callable[[], str]:
        return lambda: capsys.readouterr().out

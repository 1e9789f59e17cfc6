# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable
from importlib.metadata import entry_points
from typing import Any

import pytest

from pyfly.context import ApplicationContext
from pyfly.core.config import Config


@pytest.fixture
def make_context() -> Callable[..., ApplicationContext]:
    """Build contexts that know nothing of what else happens to be installed."""
    installed = [entry.name for entry in entry_points(group="pyfly.auto_configuration")]

    def make(*beans: type, **settings: Any) -> ApplicationContext:
        own = {"autoconfigure": {"exclude": installed}, "context": settings}
        context = ApplicationContext(Config({"pyfly": own}))
        for cls in beans:
            context.register_bean(cls)

        return context

    return make

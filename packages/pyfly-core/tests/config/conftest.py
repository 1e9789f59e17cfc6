# SPDX-License-Identifier: Apache-2.0
import os

import pytest


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("PYFLY_"):
            monkeypatch.delenv(name)

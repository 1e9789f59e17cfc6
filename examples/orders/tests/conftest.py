# SPDX-License-Identifier: Apache-2.0
"""The service as its clients see it, in process, on each web adapter."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from orders.main import build
from starlette.testclient import TestClient

CONFIGURATION = Path(__file__).parents[1] / "pyfly.yaml"


@pytest.fixture(params=["starlette", "fastapi"])
def client(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setenv("PYFLY_WEB_ADAPTER", request.param)
    with TestClient(build(CONFIGURATION)) as client:
        yield client

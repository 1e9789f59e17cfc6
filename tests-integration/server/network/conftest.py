# SPDX-License-Identifier: Apache-2.0
"""Services that tell what they know about their clients, and requests to them."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

DEADLINE = 30


@pytest.fixture
def started(project: Any, pyfly_run: Any, server: str) -> Callable[..., tuple[Any, int]]:
    """Run the application that tells what it knows: ``started(uds=path)`` returns process and port."""

    def start(**settings: object) -> tuple[Any, int]:
        folder, port = project("mirror", type=server, **settings)
        process = pyfly_run(cwd=folder)
        process.wait_for_output("server_started")
        return process, port

    return start


@pytest.fixture
def refused(project: Any, pyfly_run: Any, server: str) -> Callable[..., str]:
    """Run the application with settings that stop the start; return what it says."""

    def start(**settings: object) -> str:
        folder, _ = project("mirror", type=server, **settings)
        process = pyfly_run(cwd=folder)
        assert process.wait(deadline=DEADLINE) == 1, process.output
        return str(process.stderr)

    return start


@pytest.fixture
def ask() -> Callable[..., dict[str, Any]]:
    """Send a request, with the options of a client of httpx; return what the application knows."""

    def get(url: str, *, headers: dict[str, str] | None = None, **options: Any) -> dict[str, Any]:
        with httpx.Client(timeout=DEADLINE, trust_env=False, **options) as client:
            answer = client.get(url, headers=headers)

        assert answer.status_code == 200
        facts: dict[str, Any] = answer.json()
        return facts

    return get

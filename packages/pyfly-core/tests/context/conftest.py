# SPDX-License-Identifier: Apache-2.0
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from pyfly.config.store import Config
from pyfly.context import ApplicationContext

Start = Callable[..., Awaitable[ApplicationContext]]
Install = Callable[..., None]


@pytest.fixture
async def start() -> AsyncIterator[Start]:
    """Start contexts of some beans; they stop at the end of the test."""
    async with AsyncExitStack() as stack:

        async def start(*classes: type, config: Mapping[str, Any] | None = None) -> ApplicationContext:
            context = ApplicationContext(Config(config or {}))
            for cls in classes:
                context.register_bean(cls)

            await context.start()
            stack.push_async_callback(context.stop)
            return context

        yield start


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Put distributions with modules and auto-configuration entry points on the path."""
    number = count()

    def install(entry_points: Mapping[str, str], modules: Mapping[str, str] | None = None) -> None:
        root = tmp_path / f"site{next(number)}"
        metadata = root / "installed-1.0.dist-info"
        metadata.mkdir(parents=True)
        (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: installed\nVersion: 1.0\n")
        lines = [f"{name} = {value}" for name, value in entry_points.items()]
        (metadata / "entry_points.txt").write_text("\n".join(["[pyfly.auto_configuration]", *lines, ""]))
        for name, source in (modules or {}).items():
            (root / f"{name}.py").write_text(source)

        monkeypatch.syspath_prepend(root)

    return install

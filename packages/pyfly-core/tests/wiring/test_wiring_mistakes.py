# SPDX-License-Identifier: Apache-2.0
"""Every mistake in wiring stops the start with an analysis that says what, where, and what to do.

Each public function in ``mistakes/`` seeds one mistake and returns the error to expect with its facts. Its
docstring is the text that people see: the description, a line ``To do:``, and the action.
"""

import asyncio
import copy
import importlib
import inspect
import sys
import textwrap
from collections.abc import AsyncIterator, Callable, Iterator
from importlib.metadata import entry_points
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from pyfly.container import BeanCreationException, bean, component, configuration
from pyfly.context import ApplicationContext, pre_destroy
from pyfly.core import PyFlyApplication, pyfly_application
from pyfly.core.config import Config
from pyfly.core.failure_analysis import analyse_failure

Mistake = Callable[["Bench"], tuple[type[Exception], dict[str, Any]]]


def _load(path: Path) -> ModuleType:
    spec = spec_from_file_location(f"wiring_mistakes_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[module.__name__] = module
    spec.loader.exec_module(module)
    return module


def _mistakes() -> Iterator[Any]:
    for path in sorted((Path(__file__).parent / "mistakes").glob("*.py")):
        module = _load(path)
        for name, function in vars(module).items():
            if inspect.isfunction(function) and function.__module__ == module.__name__:
                yield pytest.param(function, id=f"{path.stem}-{name.replace('_', '-')}")


MISTAKES = list(_mistakes())


class Journal:
    """What came up and went down again, in order."""

    def __init__(self) -> None:
        self.up: list[str] = []
        self.down: list[str] = []


class Bench:
    """One application with a mistake in it, and with good beans beside it that must not be left behind."""

    def __init__(self, folder: Path) -> None:
        self.journal = Journal()
        self._folder = folder
        self._config: dict[str, Any] = {}
        self._entry_points: dict[str, str] = {}
        self._context: ApplicationContext | None = None
        self._packages: list[str] = []
        self._beans: list[type] = []

    @property
    def context(self) -> ApplicationContext:
        if self._context is None:
            self._context = ApplicationContext(Config(self._config))
            for witness in _witnesses(self.journal):
                self._context.register_bean(witness)

        return self._context

    def configure(self, config: dict[str, Any]) -> None:
        assert self._context is None
        self._config.update(config)

    def add(self, *beans: type) -> None:
        self._beans += beans

    def scan(self, *packages: str) -> None:
        self._packages += packages

    def module(self, name: str, source: str) -> None:
        """Write a module; one with a dotted name into its package, which is written before."""
        *packages, last = name.split(".")
        folder = self._folder.joinpath(*packages, last)
        target = folder.with_suffix(".py") if packages else folder / "__init__.py"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(textwrap.dedent(source))
        importlib.invalidate_caches()

    def imported(self, name: str) -> Any:
        return importlib.import_module(name)

    def entry_point(self, name: str, target: str) -> None:
        self._entry_points[name] = target
        metadata = self._folder / "mistaken_plugin-1.0.dist-info"
        metadata.mkdir(exist_ok=True)
        metadata.joinpath("METADATA").write_text(
            "Metadata-Version: 2.1\nName: mistaken-plugin\nVersion: 1.0\n"
        )
        lines = [f"{key} = {value}" for key, value in self._entry_points.items()]
        metadata.joinpath("entry_points.txt").write_text(
            "\n".join(["[pyfly.auto_configuration]", *lines, ""])
        )
        importlib.invalidate_caches()

    async def start(self) -> None:
        installed = {entry.name for entry in entry_points(group="pyfly.auto_configuration")}
        others = sorted(installed - set(self._entry_points))
        self._config.setdefault("pyfly", {})["autoconfigure"] = {"exclude": others}
        if self._packages:
            application = pyfly_application("mistaken", scan_packages=self._packages)(type("App", (), {}))
            await PyFlyApplication(application, self._folder).startup()
            return

        for cls in self._beans:
            self.context.register_bean(cls)

        await self.context.start()


def _witnesses(journal: Journal) -> list[type]:
    class Q1: ...

    class Q2: ...

    @configuration
    class Q0:
        @bean
        def q1(self) -> Iterator[Q1]:
            journal.up.append("generator")
            yield Q1()
            journal.down.append("generator")

        @bean
        async def q2(self, q1: Q1) -> AsyncIterator[Q2]:
            journal.up.append("async generator")
            yield Q2()
            journal.down.append("async generator")

    @component
    class Q3:
        def __init__(self, q2: Q2) -> None:
            journal.up.append("hook")

        @pre_destroy
        def end(self) -> None:
            journal.down.append("hook")

    @component
    class Q4:
        def __init__(self, q3: Q3) -> None:
            self.task: asyncio.Task[bool] | None = None

        async def start(self) -> None:
            journal.up.append("lifecycle")
            self.task = asyncio.create_task(asyncio.Event().wait())

        async def stop(self) -> None:
            assert self.task is not None
            self.task.cancel()
            await asyncio.wait([self.task])
            journal.down.append("lifecycle")

    return [Q0, Q3, Q4]


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.syspath_prepend(tmp_path)
    known = set(sys.modules)
    yield Bench(tmp_path)
    for name in set(sys.modules) - known:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


def test_at_least_forty_mistakes_are_seeded() -> None:
    assert len(MISTAKES) >= 40


@pytest.mark.parametrize("mistake", MISTAKES)
async def test_mistake_stops_the_start_with_its_analysis(mistake: Mistake, bench: Bench) -> None:
    kind, facts = mistake(bench)
    tasks = asyncio.all_tasks()

    with pytest.raises(kind) as caught:
        async with asyncio.timeout(5):
            await bench.start()

    analysis = analyse_failure(caught.value)
    shown = f"{analysis.description}\n\nTo do:\n{analysis.action}".strip()
    assert shown == inspect.cleandoc(mistake.__doc__ or "")
    assert type(caught.value) is kind
    assert {fact: _fact(caught.value, fact) for fact in facts} == facts
    assert str(copy.copy(caught.value)) == str(caught.value)
    assert bench.journal.down == bench.journal.up[::-1]
    assert asyncio.all_tasks() == tasks


def _fact(error: Any, name: str) -> Any:
    return [type(problem) for problem in error.problems] if name == "kinds" else getattr(error, name)


async def test_everything_that_came_up_before_the_mistake_goes_down_in_reverse(bench: Bench) -> None:
    @component
    class Listener:
        async def start(self) -> None:
            raise OSError("port 5672 is in use")

        async def stop(self) -> None:
            bench.journal.down.append("what never started")

    bench.add(Listener)

    with pytest.raises(BeanCreationException, match="port 5672 is in use"):
        await bench.start()

    assert bench.journal.up == ["generator", "async generator", "hook", "lifecycle"]
    assert bench.journal.down == ["lifecycle", "hook", "async generator", "generator"]

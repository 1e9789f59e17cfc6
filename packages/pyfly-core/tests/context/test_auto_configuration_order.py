# SPDX-License-Identifier: Apache-2.0
import importlib
import random
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pyfly.config.store import Config
from pyfly.container import BeanCreationException, bean, configuration
from pyfly.context import ApplicationContext, auto_configuration

Start = Callable[..., Awaitable[ApplicationContext]]
Install = Callable[..., None]

HEAD = """
from pyfly.container import bean, order
from pyfly.context import (
    auto_configuration, conditional_on_class, conditional_on_missing_bean, conditional_on_property
)
"""

FALLBACK = "    @bean\n    @conditional_on_missing_bean(dict)\n"


def auto(name: str, decorators: Sequence[str] = ("@auto_configuration",), body: str = "    pass") -> str:
    return "\n".join([*decorators, f"class {name}:", body, ""])


def applied(context: ApplicationContext, module: str) -> list[str]:
    return [
        it.impl_type.__name__ for it in context.container.registrations() if it.impl_type.__module__ == module
    ]


async def order_of(
    start: Start, install: Install, entries: dict[str, str], source: str, **config: Any
) -> list[str]:
    module = f"autos_{random.getrandbits(64):x}"
    install({name: f"{module}:{cls}" for name, cls in entries.items()}, {module: HEAD + source})
    return applied(await start(config=config), module)


class TestOrder:
    async def test_by_order_then_by_entry_point_name(self, start: Start, install: Install) -> None:
        source = (
            auto("Zebra")
            + auto("Ant")
            + auto("Early", ["@auto_configuration(order=5)"])
            + auto("Marked", ["@auto_configuration", "@order(7)"])
        )
        entries = {"a": "Zebra", "b": "Ant", "c": "Early", "d": "Marked"}

        assert await order_of(start, install, entries, source) == ["Early", "Marked", "Zebra", "Ant"]

    async def test_before_and_after_by_class_name_and_dotted_name(
        self, start: Start, install: Install
    ) -> None:
        source = (
            auto("Base")
            + auto("ByClass", ["@auto_configuration(before=[Base])"])
            + auto("ByName", ["@auto_configuration(before=['ByClass'])"])
            + auto("ByDotted", ["@auto_configuration(after=[f'{__name__}.Base', f'{__name__}:ByName'])"])
            + auto("Other", ["@auto_configuration(after=['nobody.Knows'])"])
        )
        entries = {"a": "ByDotted", "b": "Base", "c": "ByClass", "d": "ByName", "e": "Other"}

        order = await order_of(start, install, entries, source)

        assert [name for name in order if name != "Other"] == ["ByName", "ByClass", "Base", "ByDotted"]
        assert "Other" in order

    async def test_before_and_after_by_the_name_of_the_entry_point(
        self, start: Start, install: Install
    ) -> None:
        source = auto("First", ["@auto_configuration(after=['second-entry'])"]) + auto("Second")

        order = await order_of(start, install, {"a": "First", "second-entry": "Second"}, source)

        assert order == ["Second", "First"]

    async def test_circle_stops_the_start(self, start: Start, install: Install) -> None:
        source = auto("One", ["@auto_configuration(before=['Two'])"]) + auto(
            "Two", ["@auto_configuration(before=['One'])"]
        )

        with pytest.raises(BeanCreationException, match=r"One.*Two|Two.*One"):
            await order_of(start, install, {"one": "One", "two": "Two"}, source)

    async def test_first_match_wins_among_several(self, start: Start, install: Install) -> None:
        def server(name: str) -> str:
            return auto(
                f"{name}Auto",
                body=f"{FALLBACK}    def {name.lower()}(self) -> dict:\n"
                f"        return {{'server': '{name}'}}",
            )

        install(
            {"b": "servers:SlowAuto", "a": "servers:FastAuto"},
            {"servers": HEAD + server("Slow") + server("Fast")},
        )
        context = await start()

        assert context.get_bean(dict) == {"server": "Fast"}
        assert len(context.get_beans_of_type(dict)) == 1


class TestSelection:
    async def test_user_beans_win(self, start: Start, install: Install) -> None:
        body = FALLBACK + "    def auto(self) -> dict:\n        return {}"
        install({"a": "wins:Auto"}, {"wins": HEAD + auto("Auto", body=body)})

        @configuration
        class Mine:
            @bean
            def mine(self) -> dict:  # type: ignore[type-arg]
                return {"mine": True}

        context = await start(Mine)

        assert context.get_bean(dict) == {"mine": True}

    async def test_hints_of_a_refused_class_are_not_read(self, start: Start, install: Install) -> None:
        body = "    @bean\n    def thing(self) -> 'Nowhere':\n        raise AssertionError"
        install(
            {"a": "refused:Auto"},
            {
                "refused": HEAD
                + auto("Auto", ["@auto_configuration", "@conditional_on_class('no_such')"], body)
            },
        )

        context = await start()

        assert applied(context, "refused") == []
        assert any(entry.subject == "refused.Auto" for entry in context.condition_report.negative_matches)

    async def test_excluded_ones_are_not_even_loaded(self, start: Start, install: Install) -> None:
        install(
            {"a": "boom:Auto", "b": "kept:Auto"},
            {"boom": "raise AssertionError('loaded')", "kept": HEAD + auto("Auto")},
        )

        context = await start(config={"pyfly": {"autoconfigure": {"exclude": "a, "}}})

        assert applied(context, "kept") == ["Auto"]
        assert "a" in context.condition_report.excluded

    @pytest.mark.parametrize("name", ["entry", "excluded:Auto", "excluded.Auto"])
    async def test_exclusion_by_every_name(self, start: Start, install: Install, name: str) -> None:
        install({"entry": "excluded:Auto"}, {"excluded": HEAD + auto("Auto")})

        context = await start(config={"pyfly": {"autoconfigure": {"exclude": [name]}}})

        assert applied(context, "excluded") == []

    async def test_two_entries_of_one_class_apply_once(self, start: Start, install: Install) -> None:
        install({"a": "twice:Auto"}, {"twice": HEAD + auto("Auto")})
        install({"a": "twice:Auto", "b": "twice:Auto"})

        assert applied(await start(), "twice") == ["Auto"]

    async def test_objects_without_the_marker_are_ignored(self, start: Start, install: Install) -> None:
        install({"a": "unmarked:Plain", "b": "unmarked:text"}, {"unmarked": "class Plain: ...\ntext = 'x'"})

        assert applied(await start(), "unmarked") == []

    async def test_missing_library_is_skipped(self, start: Start, install: Install) -> None:
        install({"a": "needy:Auto"}, {"needy": "import no_such_library\n"})

        await start()

    @pytest.mark.parametrize("source", ["import pyfly.no_such", "Auto = 1 / 0", "Auto = (", "Other = 1"])
    async def test_broken_one_stops_the_start_and_is_named(
        self, start: Start, install: Install, source: str
    ) -> None:
        module = f"broken_{random.getrandbits(64):x}"
        install({"my-entry": f"{module}:Auto"}, {module: source})

        with pytest.raises(BeanCreationException, match="my-entry"):
            await start()

    async def test_class_that_the_user_registered_is_left_alone(self, start: Start, install: Install) -> None:
        install({"a": "mine_too:Auto"}, {"mine_too": HEAD + auto("Auto")})
        cls = importlib.import_module("mine_too").Auto
        context = await start(cls)

        assert applied(context, "mine_too") == ["Auto"]

    async def test_bound_properties_of_an_auto_configuration(self, start: Start, install: Install) -> None:
        install(
            {"a": "bound:Auto"},
            {
                "bound": HEAD
                + "from dataclasses import dataclass\nfrom pyfly.config.binding import config_properties\n"
                + "@config_properties(prefix='bound')\n@dataclass\nclass Props:\n    limit: int = 1\n"
                + auto(
                    "Auto",
                    body="    @bean\n    def all(self, props: Props) -> list:\n        return [props.limit]",
                )
            },
        )
        props = importlib.import_module("bound").Props
        context = await start(props, config={"bound": {"limit": 8}})

        assert context.get_bean(list) == [8]


@contextmanager
def installed(entries: dict[str, type], module: Any) -> Any:
    """Have entry points for classes of one module, in the order given."""
    with TemporaryDirectory() as folder:
        metadata = Path(folder) / "generated-1.0.dist-info"
        metadata.mkdir()
        (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: generated\nVersion: 1.0\n")
        lines = [f"{name} = {module.__name__}:{cls.__name__}" for name, cls in entries.items()]
        (metadata / "entry_points.txt").write_text("\n".join(["[pyfly.auto_configuration]", *lines, ""]))
        sys.path.insert(0, folder)
        sys.modules[module.__name__] = module
        try:
            yield
        finally:
            sys.path.remove(folder)
            del sys.modules[module.__name__]


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, list[tuple[int, int, bool]], list[int]]:
    """Draw acyclic demands: (count, [(earlier, later, said by the earlier)], orders)."""
    size = draw(st.integers(2, 7))
    rank = draw(st.permutations(range(size)))
    pairs = [(rank[i], rank[j]) for i in range(size) for j in range(i + 1, size)]
    chosen = draw(st.lists(st.sampled_from(pairs), unique=True, max_size=10))
    edges = [(earlier, later, draw(st.booleans())) for earlier, later in chosen]
    return size, edges, draw(st.lists(st.integers(-2, 2), min_size=size, max_size=size))


class TestOrderOfRandomGraphs:
    @settings(max_examples=25, deadline=None)
    @given(graphs(), st.randoms(use_true_random=False))
    async def test_every_demand_is_met_whatever_the_order_of_the_metadata(
        self, graph: tuple[int, list[tuple[int, int, bool]], list[int]], shuffle: random.Random
    ) -> None:
        size, edges, orders = graph
        module: Any = ModuleType(f"generated_{random.getrandbits(64):x}")
        for number in range(size):
            before = [f"Auto{later}" for earlier, later, said in edges if said and earlier == number]
            after = [f"Auto{earlier}" for earlier, later, said in edges if not said and later == number]
            cls = type(f"Auto{number}", (), {"__module__": module.__name__})
            setattr(
                module,
                cls.__name__,
                auto_configuration(before=before, after=after, order=orders[number])(cls),
            )

        entries = {f"entry{number}": getattr(module, f"Auto{number}") for number in range(size)}
        results = []
        for _ in range(2):
            with installed(entries, module):
                context = ApplicationContext(Config({}))
                await context.start()
                results.append(applied(context, module.__name__))
                await context.stop()

            names = list(entries)
            shuffle.shuffle(names)
            entries = {name: entries[name] for name in names}

        assert results[0] == results[1]
        assert sorted(results[0]) == sorted(f"Auto{number}" for number in range(size))
        place = {name: index for index, name in enumerate(results[0])}
        assert all(place[f"Auto{earlier}"] < place[f"Auto{later}"] for earlier, later, _ in edges)

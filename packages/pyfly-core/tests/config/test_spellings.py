# SPDX-License-Identifier: Apache-2.0
"""One key, however it is written: in files, in the program, in the environment."""

import logging
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyfly.config.errors import ConfigurationError
from pyfly.config.store import Config

WORDS = st.lists(st.text("abcdefghij", min_size=2, max_size=5), min_size=1, max_size=3)
STYLES: dict[str, Callable[[list[str]], str]] = {
    "kebab": "-".join,
    "snake": "_".join,
    "camel": lambda words: words[0] + "".join(word.capitalize() for word in words[1:]),
    "pascal": lambda words: "".join(word.capitalize() for word in words),
    "upper": lambda words: "_".join(words).upper(),
    "blanks": " ".join,
}


def spelling(path: list[list[str]], data: st.DataObject) -> str:
    return ".".join(STYLES[data.draw(st.sampled_from(sorted(STYLES)))](words) for words in path)


def variable(path: list[list[str]]) -> str:
    return "PYFLY_" + "_".join(word for words in path for word in words).upper()


@given(st.lists(WORDS, min_size=1, max_size=3), st.data())
def test_key_is_found_in_every_style(path: list[list[str]], data: st.DataObject) -> None:
    written, asked = spelling(path, data), spelling(path, data)

    assert Config({written: 1}).get(asked) == 1


@given(st.lists(WORDS, min_size=1, max_size=3), st.data())
def test_variable_overrides_every_style(path: list[list[str]], data: st.DataObject) -> None:
    config = Config({spelling(path, data): 1})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(variable(path), "2")

        assert config.get(spelling(path, data)) == 2


@given(st.lists(WORDS, min_size=1, max_size=3), st.data())
def test_variable_needs_no_key_in_a_file(path: list[list[str]], data: st.DataObject) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(variable(path), "2")

        assert Config().get(spelling(path, data)) == "2"


@given(st.lists(WORDS, min_size=1, max_size=3), st.data())
def test_placeholder_refers_in_every_style(path: list[list[str]], data: st.DataObject) -> None:
    config = Config({spelling(path, data): 7})

    assert config.resolve_placeholders(f"${{{spelling(path, data)}}}") == 7


@given(st.lists(WORDS, min_size=1, max_size=3), st.data())
def test_upper_layer_wins_in_every_style(path: list[list[str]], data: st.DataObject) -> None:
    config = Config({spelling(path, data): 1})
    config.merge({spelling(path, data): 2}, name="upper")

    assert config.get(spelling(path, data)) == 2


def test_key_written_in_capitals_within_is_found_in_lower_case() -> None:
    assert Config({"app": {"MyKey": 1}}).get("app.mykey") == 1


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("servers[0].url", "a"),
        ("servers[1].url", "b"),
        ("shop.tags[1]", "y"),
        ("shop.grid[1][0]", 3),
        ("shop.tags[2]", None),
        ("shop.name[0]", None),
    ],
)
def test_item_of_a_list_has_a_key(key: str, expected: object) -> None:
    shop = {"tags": ["x", "y"], "grid": [[1, 2], [3, 4]], "name": "n"}
    config = Config({"servers": [{"url": "a"}, {"url": "b"}], "shop": shop})

    assert config.get(key) == expected


def test_list_is_written_item_by_item() -> None:
    config = Config(
        {"servers[1].url": "b", "servers[0].url": "a", "servers[0].port": 1, "grid[0][1]": 2, "grid[0][0]": 1}
    )

    assert config.to_dict() == {"servers": [{"url": "a", "port": 1}, {"url": "b"}], "grid": [[1, 2]]}


def test_list_with_a_gap_is_refused() -> None:
    with pytest.raises(ConfigurationError) as caught:
        Config({"shop.servers[0]": "a", "shop.servers[2]": "c"})

    assert str(caught.value) == "shop.servers[1]: expected a value, got nothing"


def test_variable_overrides_one_item(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_SERVERS_1_PORT", "9")
    monkeypatch.setenv("PYFLY_TAGS_0", "z")
    config = Config({"servers": [{"port": 1}, {"port": 2}], "tags": ["x", "y"]})

    assert config.get("servers[1].port") == 9
    assert config.get("servers") == [{"port": 1}, {"port": 9}]
    assert config.get("tags") == ["z", "y"]
    assert config.effective_dict() == {"servers": [{"port": 1}, {"port": 9}], "tags": ["z", "y"]}


def test_variables_add_items_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_TAGS_1", "y")
    monkeypatch.setenv("PYFLY_SERVERS_1_URL", "b")
    monkeypatch.setenv("PYFLY_TAGS_5", "beyond a gap")
    config = Config({"servers": [{"url": "a"}], "tags": ["x"]})

    assert config.get("tags") == ["x", "y"]
    assert config.get("servers") == [{"url": "a"}, {"url": "b"}]


def test_variables_make_a_list_without_a_key_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_TAGS_0", "x")
    monkeypatch.setenv("PYFLY_TAGS_1", "y")

    assert Config().get("tags") == ["x", "y"]
    assert Config().get("tags[1]") == "y"


def test_variable_of_the_whole_list_wins_over_those_of_its_items(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYFLY_TAGS", "a,b")
    monkeypatch.setenv("PYFLY_TAGS_0", "x")

    assert Config({"tags": ["y"]}).get("tags") == ["a", "b"]


def test_variable_belongs_to_the_framework_where_it_has_a_namesake(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    config = Config({"pyfly": {"app": {"pool-size": 1}}, "app": {"pool-size": 2}})
    monkeypatch.setenv("PYFLY_APP_POOL_SIZE", "3")

    found = [config.get(key) for key in ("pyfly.app.pool-size", "app.pool-size", "app.poolSize")]

    assert found == [3, 2, 2]
    assert config.effective_dict() == {"pyfly": {"app": {"pool-size": 3}}, "app": {"pool-size": 2}}
    assert caplog.messages == ["PYFLY_APP_POOL_SIZE sets pyfly.app.pool-size; app.pool-size keeps its value"]


def test_empty_variable_that_counts_as_unset_is_told_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("PYFLY_POOL_SIZE", "")
    config = Config({"pool-size": 5})

    assert [config.get("pool-size"), config.get("pool-size")] == [5, 5]
    assert caplog.record_tuples == [
        (
            "pyfly.config",
            logging.WARNING,
            "PYFLY_POOL_SIZE is empty and counts as not set: its key takes no text",
        )
    ]


@pytest.mark.parametrize("key", ["shop.name", "shop.none", "shop.tags"])
def test_environment_is_read_at_the_moment_of_reading(monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    config = Config({"shop": {"name": "n", "tags": ["t"]}})
    before = config.get(key)
    name = "PYFLY_" + key.upper().replace(".", "_")
    monkeypatch.setenv(name, "x")
    during = config.get(key)
    monkeypatch.delenv(name)

    assert during in ("x", ["x"])
    assert config.get(key) == before


def test_many_keys_that_do_not_exist_cost_no_memory() -> None:
    config = Config({"a": 1})

    assert all(config.get(f"made.up.{number}") is None for number in range(20_000))
    assert config.get("a") == 1


def test_origin_names_the_source(monkeypatch: pytest.MonkeyPatch) -> None:
    config = Config({"a": 1, "b": 2})
    config.merge({"b": 3}, name="starter")
    monkeypatch.setenv("PYFLY_C", "4")

    origins: list[Any] = [config.origin(key) for key in ("a", "b", "c", "d")]

    assert origins == ["applicationConfig", "starter", "environment variable PYFLY_C", None]
